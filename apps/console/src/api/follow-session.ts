import type { FollowedEvent } from '@swe/domain/api';
import { ApiProblem, eventsUrl, problemOf } from './client';
import { readFrames } from './read-frames';

/** What following a session is at. */
export type FollowState = 'connecting' | 'open' | 'over' | 'refused';

export interface Follower {
  /** Events in order, each once, and between them what is under way. */
  readonly onEvents: (events: readonly FollowedEvent[]) => void;
  readonly onState: (state: FollowState) => void;
}

const PAUSES_MS = [500, 1_000, 2_000, 5_000];
/** No more often is the page drawn anew. */
const FLUSH_MS = 60;

/**
 * Follows a session's events from the first one on, for as long as the signal does not abort: over breaks of the
 * connection, restarts of the server, and responses that end because a server can't stream. A page that nobody sees
 * does not: a browser has six connections to a server, for all tabs together.
 */
export async function followSession(
  sessionId: string,
  { onEvents, onState }: Follower,
  signal: AbortSignal,
): Promise<void> {
  let last = 0;
  let failures = 0;
  let waiting: FollowedEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    if (waiting.length > 0 && !signal.aborted) onEvents(waiting);
    waiting = [];
  };
  while (!signal.aborted) {
    await untilSeen(signal);
    const unseen = whenUnseen();
    try {
      const response = await fetch(eventsUrl(sessionId), {
        headers: { 'last-event-id': String(last) },
        signal: AbortSignal.any([signal, unseen.signal]),
      });
      if (response.status === 204) return onState('over');
      if (!response.ok || response.body === null) throw await problemOf(response);
      onState('open');
      for await (const data of readFrames(response.body)) {
        const event = JSON.parse(data) as FollowedEvent;
        if (event.type !== 'live') {
          if (event.seq <= last) continue;
          last = event.seq;
        }
        failures = 0;
        waiting.push(event);
        timer ??= setTimeout(flush, FLUSH_MS);
      }
      // A response that ends as it should is asked for anew: there may be no longer ones.
      failures = 0;
    } catch (error) {
      if (error instanceof ApiProblem && error.status < 500 && error.status !== 429)
        return onState('refused');
      if (!unseen.signal.aborted) onState('connecting');
    } finally {
      unseen.release();
    }
    if (unseen.signal.aborted) continue;
    const pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)];
    failures += 1;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function untilSeen(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look, { once: true });
    look();
  });
}

/** Aborts once the page is not seen any more; to be released by whoever has no use for it. */
function whenUnseen() {
  const unseen = new AbortController();
  const look = (): void => {
    if (document.hidden) unseen.abort();
  };
  document.addEventListener('visibilitychange', look);
  return {
    signal: unseen.signal,
    release: () => document.removeEventListener('visibilitychange', look),
  };
}
