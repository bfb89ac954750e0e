import { expect } from '@jest/globals';
import type { RepoForks, RepoHost } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export interface RepoForksSubject {
  readonly forks: RepoForks;
  /** What the repositories and their forks are seen by. */
  readonly host: RepoHost;
  /** A repository that the agent may read and not write, by its canonical URL. */
  readonly repository: string;
  /** One whose owner lets nobody fork it. */
  readonly closedRepository: string;
  /** Puts a new commit on the repository's default branch, and returns its id. */
  pushUpstream(): Promise<string>;
}

const whole = new AbortController().signal;

export const repoForksContract = {
  async 'a fork can be written, and is the same one each time'({ forks, host, repository }) {
    expect((await host.repository(repository)).access).toBe('read');
    const fork = await forks.fork(repository, whole);
    expect(fork.url).not.toBe(repository);
    expect(fork.access).toBe('write');
    expect(await host.repository(fork.url)).toEqual(fork);
    expect(await forks.fork(repository, whole)).toEqual(fork);
  },

  async "a fork's default branch has what its upstream's has"({ forks, host, repository, pushUpstream }) {
    const before = await pushUpstream();
    const fork = await forks.fork(repository, whole);
    expect(await host.branchHead(fork.url, fork.defaultBranch)).toBe(before);
    const after = await pushUpstream();
    await forks.fork(repository, whole);
    expect(await host.branchHead(fork.url, fork.defaultBranch)).toBe(after);
  },

  async "an unknown repository is `missing`, one that can't be forked `denied`"(subject) {
    const { forks, repository, closedRepository } = subject;
    await expectFault(forks.fork(`${repository}-unknown`, whole), 'missing');
    await expectFault(forks.fork(closedRepository, whole), 'denied');
  },

  async 'an aborted signal is `cancelled`'({ forks, repository }) {
    await expectFault(forks.fork(repository, AbortSignal.abort()), 'cancelled');
  },
} satisfies Contract<RepoForksSubject>;
