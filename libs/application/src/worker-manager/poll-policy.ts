import type { Session, SessionPullRequest } from '@swe/domain';

/** Between two looks at a session's pull requests. The older the session, the less there is to be missed. */
const [MIN_PAUSE_MS, MAX_PAUSE_MS] = [5 * 60_000, 30 * 60_000];
const AGE_PER_PAUSE = 12;

type Polled = Pick<Session, 'status' | 'pullRequests' | 'closedPullRequests' | 'pollAtMs' | 'createdAtMs'>;

/** Pull requests that something may still happen to. */
export function openPullRequests({
  status,
  pullRequests,
  closedPullRequests = [],
}: Polled): readonly SessionPullRequest[] {
  return status === 'ended' ? [] : pullRequests.filter(({ url }) => !closedPullRequests.includes(url));
}

/** Whether a session's host is asked now what no delivery told; `forget` when there is nothing to be asked any more. */
export function pollAction(session: Polled, nowMs: number): 'nothing' | 'poll' | 'forget' {
  const { pollAtMs } = session;
  if (pollAtMs === undefined || pollAtMs > nowMs) return 'nothing';
  return openPullRequests(session).length === 0 ? 'forget' : 'poll';
}

export function nextPollAtMs({ createdAtMs }: Polled, nowMs: number): number {
  const pauseMs = (nowMs - createdAtMs) / AGE_PER_PAUSE;
  return nowMs + Math.round(Math.min(Math.max(pauseMs, MIN_PAUSE_MS), MAX_PAUSE_MS));
}
