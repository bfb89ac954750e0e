import type { RepoForks } from '@swe/domain';
import { openMemoryRepoForks } from '../memory/open-memory-repo-forks';
import { override } from '../memory/override';
import { repoForksContract } from './repo-forks.contract';
import type { RepoForksSubject } from './repo-forks.contract';
import { proveBites } from './run-contract';

function broken(changesOf: (subject: ReturnType<typeof openMemoryRepoForks>) => Partial<RepoForks>) {
  return (): { subject: RepoForksSubject } => {
    const subject = openMemoryRepoForks();
    return { subject: { ...subject, forks: override(subject.forks, changesOf(subject)) } };
  };
}

proveBites('RepoForks', repoForksContract, {
  'a fork can be written, and is the same one each time': broken(({ host }) => {
    let made = 0;
    return {
      fork: async (repository) => {
        made += 1;
        host.addRepository(`${repository}-fork-${made}`);
        return host.repository(`${repository}-fork-${made}`);
      },
    };
  }),
  "a fork's default branch has what its upstream's has": broken(({ forks, host }) => ({
    fork: async (repository, signal) =>
      host.has(`${repository}-fork`) ? host.repository(`${repository}-fork`) : forks.fork(repository, signal),
  })),
  "an unknown repository is `missing`, one that can't be forked `denied`": broken(({ forks, host }) => ({
    fork: (repository, signal) => forks.fork(repository, signal).catch(() => host.repository(repository)),
  })),
  'an aborted signal is `cancelled`': broken(({ forks }) => ({
    fork: (repository) => forks.fork(repository, new AbortController().signal),
  })),
});
