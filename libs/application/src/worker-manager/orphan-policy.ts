import type { Lease, Session, Worker } from '@swe/domain';

/** What is stored of the session that a machine is of. */
export interface OrphanFacts {
  readonly session: Session;
  readonly lease: Lease | undefined;
  /** There are messages that are not admitted. */
  readonly hasMail: boolean;
}

/** Why nobody needs a machine. */
export type OrphanReason =
  /** Its session does not exist. */
  | 'unknown-session'
  /** A later generation has its place, so it is known to be dead, and yet it is up. */
  | 'replaced'
  /** Its session is over. */
  | 'ended'
  /** Its session lives, but nothing will ever bring anybody to look at it. */
  | 'forgotten';

/**
 * Whether a machine that the compute lists is an orphan, as told by what is stored; undefined for one that is in
 * somebody's hands. A session that is due, now or later, is its manager's, whatever its machine does: a stopped one of
 * an older generation may be kept, or just be started for the next. So a wrong answer of a list that lags costs nothing.
 */
export function orphanReason(
  { state, generation }: Worker,
  facts: OrphanFacts | undefined,
): OrphanReason | undefined {
  if (state === 'terminated') return undefined;
  if (facts === undefined) return 'unknown-session';
  const { session, lease, hasMail } = facts;
  if (lease !== undefined || hasMail || session.status === 'starting') return undefined;
  if (generation < session.generation && state !== 'stopped') return 'replaced';
  const { manageAtMs, retryAtMs, wakeAtMs } = session;
  if ([manageAtMs, retryAtMs, wakeAtMs].some((atMs) => atMs !== undefined)) return undefined;
  return session.status === 'ended' ? 'ended' : 'forgotten';
}
