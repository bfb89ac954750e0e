import type { Clock } from '@swe/domain';

/** How often somebody may call: so often at once, and so often in the long run. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * Token buckets, one for each caller that was let in, in this process's memory: a call costs no write, and where several
 * processes serve, each of them allows the rate. There are as many as keys.
 */
export class TokenBuckets {
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();
  readonly #rate: Rate;
  readonly #clock: Pick<Clock, 'monotonicMs'>;

  constructor(rate: Rate, clock: Pick<Clock, 'monotonicMs'>) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** Takes a token: 0, else after how many milliseconds there is one. */
  take(caller: string): number {
    const { burst, perSecond } = this.#rate;
    const atMs = this.#clock.monotonicMs();
    const before = this.#buckets.get(caller) ?? { tokens: burst, atMs };
    const tokens = Math.min(burst, before.tokens + ((atMs - before.atMs) * perSecond) / 1_000);
    const isTaken = tokens >= 1;
    this.#buckets.set(caller, { tokens: isTaken ? tokens - 1 : tokens, atMs });
    return isTaken ? 0 : ((1 - tokens) * 1_000) / perSecond;
  }
}
