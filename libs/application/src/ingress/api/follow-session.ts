import { isEmptyGlimpse } from '@swe/domain';
import type { Glimpses } from '@swe/domain';
import type { ApiCaller, Followed, Following, LiveEvent } from '@swe/domain/api';
import type { ApiPorts } from './api-ports';
import { loadSession } from './load-session';
import { sessionEventOf } from './session-event';

type Reading = Pick<ApiPorts, 'store' | 'journal' | 'outbox' | 'clock' | 'glimpses'>;

/** Whoever works on a session need not be near, so that hints of it may not be heard here: it is looked at instead. */
const LOOK_MS = 1_000;
/** Where what is under way is looked at too: as often as that may be new. */
const LIVE_LOOK_MS = 250;
/** Connections without a byte are cut by what is between: after half a minute by the strictest in use. */
const IDLE_MS = 15_000;

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
  const { store, journal, clock, glimpses } = ports;
  const isLive = detail === 'live' && glimpses !== undefined;
  const lookMs = isLive ? LIVE_LOOK_MS : LOOK_MS;
  const idleLooks = IDLE_MS / lookMs;
  const newGlimpse = isLive ? glimpsing(glimpses, sessionId) : undefined;
  let last = afterSeq;
  for (let looks = 0; !signal.aborted; looks += 1) {
    // Before its entries: what it ended with is among them then.
    const status = (await store.load(sessionId))?.status;
    for await (const entry of journal.read(sessionId, last + 1)) {
      yield await sessionEventOf(ports, sessionId, entry, { detail });
      if (signal.aborted) return;
      last = entry.seq;
      looks = 0;
    }
    if (status === 'ended' || (isBrief && last > afterSeq)) return;
    // Of a worker that died one may be left.
    const seen = status === 'working' ? await newGlimpse?.() : undefined;
    if (seen !== undefined) {
      yield seen;
      looks = 0;
    }
    if (looks % idleLooks === idleLooks - 1) yield 'idle';
    await clock.sleep(lookMs, signal);
  }
}

/** Gives what is under way, where that is something else than when it was asked for last. */
function glimpsing(glimpses: Pick<Glimpses, 'get'>, sessionId: string): () => Promise<LiveEvent | undefined> {
  let last = '';
  return async () => {
    const seen = await glimpses.get(sessionId);
    const json = JSON.stringify(seen);
    if (json === last) return undefined;
    last = json;
    return isEmptyGlimpse(seen) ? undefined : { type: 'live', ...seen };
  };
}
