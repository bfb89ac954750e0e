import type { Repository } from './repo-host';

/**
 * The agent's own forks of repositories that it may read and not write.
 *
 * - a fork can be written, and is the same one each time
 * - a fork's default branch has what its upstream's has
 * - an unknown repository is `missing`, one that can't be forked `denied`
 * - an aborted signal is `cancelled`
 */
export interface RepoForks {
  /** Makes the fork where there is none, which may take minutes. */
  fork(repository: string, signal: AbortSignal): Promise<Repository>;
}
