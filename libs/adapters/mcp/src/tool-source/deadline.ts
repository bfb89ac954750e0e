import type { Clock } from '@swe/domain';

/** How long something may take. `maxMs` holds however often it is extended. */
export interface Patience {
  readonly ms: number;
  readonly maxMs?: number;
}

/** Why something was given up: nobody wants it any more, or it took too long. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
  readonly isTooLate: boolean;

  constructor(isTooLate: boolean) {
    super(isTooLate ? 'it took too long' : 'it was stopped');
    this.isTooLate = isTooLate;
  }
}

/**
 * What `work` gives. Rejects with `GivenUp`, at once and whatever `work` does, when it takes too long or `signal`
 * aborts; `work` gets a signal that says so, and a function that begins its time anew.
 */
export async function withDeadline<T>(
  clock: Pick<Clock, 'sleep'>,
  { ms, maxMs = Infinity }: Patience,
  signal: AbortSignal,
  work: (signal: AbortSignal, extend: () => void) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const given = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = (isTooLate: boolean): void => {
    if (over.signal.aborted || given.signal.aborted) return;
    const reason = new GivenUp(isTooLate);
    // First, since what `work` makes of the signal would be another error.
    reject(reason);
    given.abort(reason);
  };
  const alarm = (afterMs: number, until: AbortSignal): void =>
    void clock.sleep(afterMs, until).then(() => until.aborted || giveUp(true));

  let turn = new AbortController();
  const begin = (): void => {
    turn.abort();
    turn = new AbortController();
    if (!over.signal.aborted) alarm(ms, turn.signal);
  };
  const onAbort = (): void => giveUp(false);
  try {
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    if (Number.isFinite(maxMs)) alarm(maxMs, over.signal);
    begin();
    return await Promise.race([promise, work(given.signal, begin)]);
  } finally {
    over.abort();
    turn.abort();
    signal.removeEventListener('abort', onAbort);
    promise.catch(() => undefined);
  }
}
