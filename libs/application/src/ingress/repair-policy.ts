import type { Session, SessionPullRequest } from '@swe/domain';

/** How often in a row the agent repairs what checks found before a person has to say something. */
const MAX_REPAIRS = 3;

/**
 * What failed checks of a commit come to: `repair` wakes the session, `give-up` tells the person once, and `ignore` is
 * for what is none of the session's business: another's commit, one that it has gone on from, a pull request that is over.
 */
export function afterFailedChecks(
  { repairs = 0, closedPullRequests = [] }: Pick<Session, 'repairs' | 'closedPullRequests'>,
  { url, headSha }: Pick<SessionPullRequest, 'url' | 'headSha'>,
  failedSha: string,
): 'repair' | 'give-up' | 'ignore' {
  if (closedPullRequests.includes(url) || headSha !== failedSha) return 'ignore';
  return repairs < MAX_REPAIRS ? 'repair' : 'give-up';
}
