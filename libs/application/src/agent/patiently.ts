import { isFault } from '@swe/domain';
import type { Clock } from '@swe/domain';

/** Before whoever fails for a moment is asked again. */
const PAUSES_MS = [1_000, 4_000, 15_000];
const LONGEST_PAUSE_MS = 30_000;

/** What `ask` gives, asked again for a minute at most while it fails in a way that passes. */
export async function patiently<T>(clock: Pick<Clock, 'sleep'>, ask: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!isFault(error, 'transient', 'throttled')) throw error;
      await clock.sleep(Math.min(Math.max(pauseMs, error.retryAfterMs ?? 0), LONGEST_PAUSE_MS));
    }
  }
  return ask();
}
