import type { Clock } from '@swe/domain';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** A clock that moves only when told to. Sleepers wake in the order in which they are due. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #startMs: number;
  readonly #settle: () => Promise<void>;
  #sleepers: Sleeper[] = [];

  /** `settle` resolves when all that was started waits for time to pass. */
  constructor(startMs = Date.UTC(2026, 0, 1), settle: () => Promise<void> = turnOfEventLoop) {
    this.#nowMs = startMs;
    this.#startMs = startMs;
    this.#settle = settle;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs - this.#startMs;
  }

  /** How many are asleep now. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== entry);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const entry: Sleeper = { dueMs: this.#nowMs + ms, wake };
      this.#sleepers.push(entry);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Moves time on by `ms`, waking who is due on the way, and lets what they started run to its next wait. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      await this.#settle();
      const next = this.#sleepers.toSorted((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined || next.dueMs > endMs) break;
      this.#nowMs = next.dueMs;
      next.wake();
    }
    this.#nowMs = endMs;
    await this.#settle();
  }
}

/** Lets promises that are already resolved run their course. */
function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
