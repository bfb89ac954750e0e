import { Fault } from '@swe/domain';
import type { Clock } from '@swe/domain';

const LONGEST_LOOK_MS = 30_000;

/**
 * One look at something: what it says, or throws. Nothing hangs it: it is over after 30 seconds, and throws `cancelled`
 * at once when `stop` is aborted.
 */
export async function lookOnce(
  look: (signal: AbortSignal) => Promise<string>,
  clock: Pick<Clock, 'sleep'>,
  stop: AbortSignal,
): Promise<string> {
  const done = new AbortController();
  const over = new AbortController();
  const tooLate = new Error(`no answer within ${LONGEST_LOOK_MS / 1000} seconds`);
  const limit = clock.sleep(LONGEST_LOOK_MS, AbortSignal.any([done.signal, stop])).then(() => {
    over.abort();
    throw tooLate;
  });
  try {
    return await Promise.race([look(over.signal), limit]);
  } catch (error) {
    if (stop.aborted) throw new Fault('cancelled', 'stopped', { cause: error });
    // Whatever the look makes of being called off.
    throw over.signal.aborted ? tooLate : error;
  } finally {
    // The race is over; its loser must not be heard.
    limit.catch(() => undefined);
    done.abort();
  }
}
