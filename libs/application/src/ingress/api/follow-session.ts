import type { ApiCaller, Followed, Following } from '@swe/domain/api';
import type { ApiPorts } from './api-ports';
import { loadSession } from './load-session';
import { sessionEventOf } from './session-event';

type Reading = Pick<ApiPorts, 'store' | 'journal' | 'outbox' | 'clock'>;

/** Whoever works on a session need not be near, so that hints of it may not be heard here: it is looked at instead. */
const LOOK_MS = 1_000;
/** Connections without a byte are cut by what is between: after half a minute by the strictest in use. */
const IDLE_LOOKS = 15;

/** A session's events after `afterSeq`, and those to come, as they are asked for; undefined when there will be none. */
export async function followSession(
  ports: Reading,
  caller: ApiCaller,
  sessionId: string,
  following: Following,
): Promise<AsyncIterable<Followed> | undefined> {
  const { status } = await loadSession(ports, caller, sessionId);
  const isOver = status === 'ended' && !(await hasMore(ports, sessionId, following.afterSeq));
  return isOver ? undefined : events(ports, sessionId, following);
}

async function hasMore({ journal }: Reading, sessionId: string, afterSeq: number): Promise<boolean> {
  for await (const _entry of journal.read(sessionId, afterSeq + 1)) return true;
  return false;
}

async function* events(
  ports: Reading,
  sessionId: string,
  { afterSeq, isBrief, detail, signal }: Following,
): AsyncGenerator<Followed> {
  const { store, journal, clock } = ports;
  let last = afterSeq;
  for (let looks = 0; !signal.aborted; looks += 1) {
    // Before its entries: what it ended with is among them then.
    const isEnded = (await store.load(sessionId))?.status === 'ended';
    for await (const entry of journal.read(sessionId, last + 1)) {
      yield await sessionEventOf(ports, sessionId, entry, { detail });
      if (signal.aborted) return;
      last = entry.seq;
      looks = 0;
    }
    if (isEnded || (isBrief && last > afterSeq)) return;
    if (looks % IDLE_LOOKS === IDLE_LOOKS - 1) yield 'idle';
    await clock.sleep(LOOK_MS, signal);
  }
}
