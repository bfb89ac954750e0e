import type { RepoHostSubject } from '../contracts';
import { MemoryRepoHost } from './memory-repo-host';

/** A memory repository host with what its contract wants beside it. */
export function openMemoryRepoHost(host = new MemoryRepoHost()): RepoHostSubject {
  const repository = 'memory://shop';
  host.addRepository(repository);
  return {
    host,
    repository,
    seedIssue: async (draft) => host.seedIssue(repository, draft),
    pushCommit: async (branch) => host.pushCommit(repository, branch),
    setCheck: async (sha, check) => host.setCheck(repository, sha, check),
    closePullRequest: async (number) => host.closePullRequest(repository, number),
  };
}
