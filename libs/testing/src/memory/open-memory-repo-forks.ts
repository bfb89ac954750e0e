import type { RepoForksSubject } from '../contracts';
import { MemoryRepoForks } from './memory-repo-forks';
import { MemoryRepoHost } from './memory-repo-host';

/** Memory forks with what their contract wants beside them. */
export function openMemoryRepoForks(): RepoForksSubject & { readonly host: MemoryRepoHost } {
  const host = new MemoryRepoHost();
  const repository = 'memory://shop';
  const closedRepository = 'memory://safe';
  for (const url of [repository, closedRepository]) host.addRepository(url, 'main', 'read');
  return {
    forks: new MemoryRepoForks(host, [closedRepository]),
    host,
    repository,
    closedRepository,
    pushUpstream: async () => host.pushCommit(repository, 'main'),
  };
}
