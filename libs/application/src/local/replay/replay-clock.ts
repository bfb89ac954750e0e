import type { Clock } from '@swe/domain';

interface Sleeper {
  readonly dueMs: number;
  readonly forMs: number;
  readonly wake: () => void;
}

/** A clock that goes by what was recorded. */
export interface ReplayClock extends Clock {
  /** Moves time on to `toMs`, if that is later, waking who is due on the way. */
  advance(toMs: number): Promise<void>;
  /** Moves time on to `toMs`, if that is later, and wakes nobody yet. */
  jump(toMs: number): void;
  /** Wakes who sleeps for exactly so long, whatever the time. */
  wake(forMs: number): void;
}

/** `settle` resolves when all that was started waits for something. */
export function replayClock(startMs: number, settle: () => Promise<void>): ReplayClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();

  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    sleep(forMs, signal) {
      if (signal?.aborted === true || forMs <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { dueMs: nowMs + forMs, forMs, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
      });
    },
    async advance(toMs) {
      for (;;) {
        const [next] = [...sleepers].toSorted((a, b) => a.dueMs - b.dueMs);
        if (next === undefined || next.dueMs > toMs) break;
        nowMs = Math.max(nowMs, next.dueMs);
        next.wake();
        await settle();
      }
      nowMs = Math.max(nowMs, toMs);
    },
    jump(toMs) {
      nowMs = Math.max(nowMs, toMs);
    },
    wake(forMs) {
      [...sleepers].filter((sleeper) => sleeper.forMs === forMs).forEach(({ wake }) => wake());
    },
  };
}
