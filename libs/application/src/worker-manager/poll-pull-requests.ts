import { identityOf, isFault } from '@swe/domain';
import type { Clock, HostEvent, HostEvents, Logger, Session, SessionStore } from '@swe/domain';
import { nextPollAtMs, openPullRequests, pollAction } from './poll-policy';

/** What deliveries may have left out, and who takes it: whoever takes deliveries. */
export interface MissedEvents {
  /** Whether a repository, by its canonical URL, is one that `events` reads. */
  readonly serves: (repository: string) => boolean;
  readonly events: HostEvents;
  /** Does nothing with what was taken before. */
  handle(event: HostEvent): Promise<void>;
}

export interface PollingPorts {
  readonly store: Pick<SessionStore, 'load' | 'change' | 'findMessage'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly logger: Pick<Logger, 'warn'>;
  /** Absent where no host tells of anything. */
  readonly missed?: MissedEvents;
}

/** Of one sweep: each is a handful of requests. Whoever is left out stays due. */
const MAX_POLLS = 20;

/**
 * Asks the hosts of sessions' open pull requests, where it is time for that, what happened there and to the issues that
 * are their tasks: hosts tell it once, and it may have been lost. One that fails holds up no other; while a host does
 * not answer, the others are put off without being asked about.
 */
export async function pollPullRequests(
  ports: PollingPorts,
  sessionIds: readonly string[],
  untilMs = Infinity,
): Promise<void> {
  const { clock, logger } = ports;
  let polls = 0;
  let canReach = true;
  for (const sessionId of sessionIds) {
    if (polls === MAX_POLLS || clock.nowMs() >= untilMs) return;
    try {
      if (await pollSession(ports, sessionId, canReach)) polls += 1;
    } catch (error) {
      logger.warn('poll.failed', { sessionId, reason: String(error) });
      if (isFault(error, 'transient', 'throttled')) canReach = false;
    }
  }
}

/** True when it was asked about. Its next time is stored whatever comes of this one. */
async function pollSession(ports: PollingPorts, sessionId: string, canReach: boolean): Promise<boolean> {
  const { store, clock, missed } = ports;
  const session = await store.load(sessionId);
  const action = session === undefined ? 'nothing' : pollAction(session, clock.nowMs());
  if (session === undefined || action === 'nothing') return false;
  const reads = action === 'poll' && missed !== undefined ? readsOf(session, missed) : [];
  try {
    for (const read of canReach ? reads : []) await takeMissed(ports, await read());
  } finally {
    await planNext(ports, sessionId, reads.length > 0);
  }
  return canReach && reads.length > 0;
}

/** From the session's beginning on: what was taken is known, and an outage of any length loses nothing. */
function readsOf(
  session: Session,
  { events, serves }: MissedEvents,
): readonly (() => Promise<readonly HostEvent[]>)[] {
  const { issue, createdAtMs } = session;
  const pullRequests = openPullRequests(session).filter(({ repository }) => serves(repository));
  if (pullRequests.length === 0) return [];
  const isIssueServed = issue !== undefined && serves(issue.repository);
  return [
    ...(isIssueServed ? [() => events.issueEvents(issue, createdAtMs)] : []),
    ...pullRequests.map((own) => () => events.pullRequestEvents(own, createdAtMs)),
  ];
}

async function takeMissed({ store, missed }: PollingPorts, events: readonly HostEvent[]): Promise<void> {
  for (const event of events) {
    if ((await store.findMessage(identityOf(event))) === undefined) await missed?.handle(event);
  }
}

/** What was taken may have changed the session. Where somebody changes it just now, it stays due. */
async function planNext({ store, clock }: PollingPorts, sessionId: string, isServed: boolean): Promise<void> {
  const session = await store.load(sessionId);
  if (session === undefined) return;
  const isOver = !isServed || openPullRequests(session).length === 0;
  try {
    const pollAtMs = isOver ? undefined : nextPollAtMs(session, clock.nowMs());
    await store.change(sessionId, session.revision, { pollAtMs });
  } catch (error) {
    if (!isFault(error, 'conflict')) throw error;
  }
}
