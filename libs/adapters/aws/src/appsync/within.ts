import { Fault } from '@swe/domain';
import type { Clock } from '@swe/domain';

/** What `work` gives, unless it takes too long: then a `transient` fault that names it. Its signal aborts either way. */
export async function within<T>(
  { clock, ms, what }: { readonly clock: Pick<Clock, 'sleep'>; readonly ms: number; readonly what: string },
  work: (over: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const late = clock.sleep(ms, over.signal).then(() => {
    throw new Fault('transient', `${what} took longer than ${ms} ms`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work(over.signal), late]);
  } finally {
    over.abort();
  }
}
