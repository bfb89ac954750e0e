import { Fault } from '@swe/domain';
import type { CheckLogs, CodeReview, IssueRef, RepoForks, RepoHost } from '@swe/domain';

/** A repository host, with what it has beside repositories. */
export interface ServedHost {
  /** Whether it knows repositories by such URLs. */
  serves(repository: string): boolean;
  readonly repoHost: RepoHost;
  readonly forks?: RepoForks;
  readonly codeReview?: CodeReview;
  readonly checkLogs?: CheckLogs;
  /** Where people talk about an issue or pull request, as an origin of messages; absent where they can't. */
  threadOf?(ref: IssueRef): string;
}

export interface RepoHosts extends Required<Omit<ServedHost, 'threadOf'>> {
  threadOf(ref: IssueRef): string | undefined;
}

/**
 * One host of several, told apart by the repository's URL. A repository that none of them serves is `missing`; what its
 * host does not have is `denied`.
 */
export function routeRepoHosts(hosts: readonly ServedHost[]): RepoHosts {
  const of = (repository: string): ServedHost => {
    const host = hosts.find(({ serves }) => serves(repository));
    if (host === undefined) throw new Fault('missing', `${repository} is on a host that is not connected.`);
    return host;
  };
  const hostOf = (repository: string): RepoHost => of(repository).repoHost;
  const partOf = <T extends 'forks' | 'codeReview' | 'checkLogs'>(repository: string, part: T) => {
    const found = of(repository)[part];
    if (found === undefined) throw new Fault('denied', `The host of ${repository} has no ${NAMES[part]}.`);
    return found;
  };
  return {
    serves: (repository) => hosts.some((host) => host.serves(repository)),
    repoHost: {
      repository: async (url) => hostOf(url).repository(url),
      issue: async (ref) => hostOf(ref.repository).issue(ref),
      comment: async (ref, ...rest) => hostOf(ref.repository).comment(ref, ...rest),
      findComment: async (ref, effectKey) => hostOf(ref.repository).findComment(ref, effectKey),
      branchHead: async (url, branch) => hostOf(url).branchHead(url, branch),
      isOnBranch: async (url, ...rest) => hostOf(url).isOnBranch(url, ...rest),
      pullRequest: async (url, number) => hostOf(url).pullRequest(url, number),
      findPullRequest: async (url, ...rest) => hostOf(url).findPullRequest(url, ...rest),
      openPullRequest: async (draft) => hostOf(draft.repository).openPullRequest(draft),
      updatePullRequest: async (url, ...rest) => hostOf(url).updatePullRequest(url, ...rest),
      checks: async (url, sha) => hostOf(url).checks(url, sha),
    },
    forks: { fork: async (url, signal) => partOf(url, 'forks').fork(url, signal) },
    codeReview: {
      reviews: async (ref) => partOf(ref.repository, 'codeReview').reviews(ref),
      threads: async (ref) => partOf(ref.repository, 'codeReview').threads(ref),
      reply: async (ref, ...rest) => partOf(ref.repository, 'codeReview').reply(ref, ...rest),
      findReply: async (ref, ...rest) => partOf(ref.repository, 'codeReview').findReply(ref, ...rest),
      resolve: async (ref, threadId) => partOf(ref.repository, 'codeReview').resolve(ref, threadId),
    },
    threadOf: (ref) => of(ref.repository).threadOf?.(ref),
    checkLogs: {
      log: async (url, ...rest) => partOf(url, 'checkLogs').log(url, ...rest),
      annotations: async (url, ...rest) => partOf(url, 'checkLogs').annotations(url, ...rest),
    },
  };
}

const NAMES = { forks: 'forks', codeReview: 'reviews', checkLogs: 'logs of checks' } as const;
