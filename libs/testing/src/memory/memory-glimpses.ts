import { EMPTY_GLIMPSE } from '@swe/domain';
import type { Glimpse, Glimpses } from '@swe/domain';

/** Glimpses in a map. */
export class MemoryGlimpses implements Glimpses {
  readonly #bySession = new Map<string, Glimpse>();
  #isBroken = false;

  /** Loses everything, from now on. */
  break(): void {
    this.#isBroken = true;
  }

  async put(sessionId: string, glimpse: Glimpse): Promise<void> {
    this.#bySession.set(sessionId, glimpse);
  }

  async get(sessionId: string): Promise<Glimpse> {
    return (this.#isBroken ? undefined : this.#bySession.get(sessionId)) ?? EMPTY_GLIMPSE;
  }
}
