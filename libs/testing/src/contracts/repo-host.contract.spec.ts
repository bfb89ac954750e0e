import type { PullRequest, RepoHost } from '@swe/domain';
import { MemoryRepoHost } from '../memory/memory-repo-host';
import { openMemoryRepoHost } from '../memory/open-memory-repo-host';
import { override } from '../memory/override';
import { repoHostContract } from './repo-host.contract';
import type { RepoHostSubject } from './repo-host.contract';
import { proveBites } from './run-contract';

function broken(changesOf: (host: MemoryRepoHost) => Partial<RepoHost>) {
  return (): { subject: RepoHostSubject } => {
    const host = new MemoryRepoHost();
    return { subject: { ...openMemoryRepoHost(host), host: override<RepoHost>(host, changesOf(host)) } };
  };
}

proveBites('RepoHost', repoHostContract, {
  'an unknown repository, issue or pull request is `missing`': broken((host) => ({
    branchHead: (url, branch) => host.branchHead(url, branch).catch(() => undefined),
  })),
  'an issue comes with all its comments, oldest first; so does a pull request that is read as one': broken(
    (host) => ({
      issue: async (ref) => {
        const issue = await host.issue(ref);
        return { ...issue, comments: issue.comments.slice(0, 100) };
      },
    }),
  ),
  'a comment is found again by the effect key it was written with': broken((host) => ({
    findComment: async (ref) => (await host.issue(ref)).comments[0],
  })),
  'a pull request is found by its head branch while it is open, and by its number always': broken((host) => {
    let last: PullRequest | undefined;
    return {
      openPullRequest: async (draft) => (last = await host.openPullRequest(draft)),
      findPullRequest: async (url, branch) =>
        (await host.findPullRequest(url, branch)) ?? (last?.headBranch === branch ? last : undefined),
    };
  }),
  'a second open pull request for a head branch is a `conflict`': broken((host) => ({
    openPullRequest: async (draft) =>
      (await host.findPullRequest(draft.repository, draft.headBranch)) ?? host.openPullRequest(draft),
  })),
  'a pull request whose head branch does not exist is `invalid`': broken((host) => ({
    openPullRequest: async (draft) => {
      const head = await host.branchHead(draft.repository, draft.headBranch);
      if (head === undefined) host.pushCommit(draft.repository, draft.headBranch);
      return host.openPullRequest(draft);
    },
  })),
  'an updated pull request keeps its number, head and base': broken((host) => ({
    updatePullRequest: async (url, number, change) => {
      const old = await host.updatePullRequest(url, number, change);
      host.closePullRequest(url, number);
      return host.openPullRequest(old);
    },
  })),
  'a draft is one until it is made ready, and can become one again; not to say which changes nothing of that':
    broken((host) => ({
      updatePullRequest: (url, number, { title, body }) =>
        host.updatePullRequest(url, number, { title, body }),
    })),
  "a branch's head is the commit that was pushed last, undefined before": broken((host) => {
    let cached: string | undefined;
    return { branchHead: async (url, branch) => (cached ??= await host.branchHead(url, branch)) };
  }),
  "a commit is on a branch when the branch's head is it or has it among its ancestors": broken((host) => ({
    isOnBranch: async (url, branch, sha) => (await host.branchHead(url, branch)) === sha,
  })),
  'checks are those of that very commit, all of them': broken((host) => ({
    checks: async (url, sha) => (await host.checks(url, sha)).slice(0, 100),
  })),
});
