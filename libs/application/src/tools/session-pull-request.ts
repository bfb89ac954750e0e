import { Fault, findRepositoryLinks } from '@swe/domain';
import type { PullRequestRef, Session } from '@swe/domain';

/** The pull request that a model named by its URL, or the one that the session opened last. */
export function pullRequestOf({ pullRequests }: Session, url: string | undefined): PullRequestRef {
  if (url === undefined) {
    const last = pullRequests.at(-1);
    if (last === undefined)
      throw new Fault('invalid', 'You have opened no pull request: name one by its URL.');
    return { repository: last.repository, number: last.number };
  }
  const link = findRepositoryLinks(url).find(({ kind }) => kind === 'pull-request');
  if (link === undefined || link.kind === 'file')
    throw new Fault('invalid', `${url} is no pull request's URL.`);
  return { repository: link.repository, number: link.number };
}

/** As `pullRequestOf`. Throws `denied` for one that the session did not open. */
export function ownPullRequest(session: Session, url: string | undefined): PullRequestRef {
  const ref = pullRequestOf(session, url);
  const isOwn = session.pullRequests.some(
    ({ repository, number }) => repository === ref.repository && number === ref.number,
  );
  if (!isOwn) throw new Fault('denied', 'You may answer only in pull requests that you opened yourself.');
  return ref;
}
