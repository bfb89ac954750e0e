import { Fault } from '@swe/domain';
import type { RepoForks, Repository } from '@swe/domain';
import type { MemoryRepoHost } from './memory-repo-host';

/** Forks in a memory repository host: `memory://shop` as `memory://shop-fork`. */
export class MemoryRepoForks implements RepoForks {
  readonly #host: MemoryRepoHost;
  readonly #closed: ReadonlySet<string>;

  /** `closed`: repositories that nobody may fork. */
  constructor(host: MemoryRepoHost, closed: Iterable<string> = []) {
    this.#host = host;
    this.#closed = new Set(closed);
  }

  async fork(repository: string, signal: AbortSignal): Promise<Repository> {
    if (signal.aborted) throw new Fault('cancelled', 'the fork was called off');
    const { defaultBranch } = await this.#host.repository(repository);
    if (this.#closed.has(repository)) throw new Fault('denied', `nobody may fork ${repository}`);
    const fork = `${repository}-fork`;
    if (!this.#host.has(fork)) this.#host.addRepository(fork, defaultBranch);
    this.#host.copyBranch(repository, fork, defaultBranch);
    return this.#host.repository(fork);
  }
}
