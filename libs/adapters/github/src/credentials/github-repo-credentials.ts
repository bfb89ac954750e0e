import { Fault } from '@swe/domain';
import type { CredentialPurpose, RepoCredential, RepoCredentials } from '@swe/domain';
import { nameOnServer } from '../github-server';
import type { GithubServer } from '../github-server';
import type { GitIdentity } from './git-identity';

/** What git reads and pushes on GitHub with. None for repositories elsewhere. */
export class GithubRepoCredentials implements RepoCredentials {
  readonly #server: GithubServer;
  readonly #identity: GitIdentity;

  constructor(server: GithubServer, identity: GitIdentity) {
    this.#server = server;
    this.#identity = identity;
  }

  async credential(
    repository: string,
    purpose: CredentialPurpose,
    signal?: AbortSignal,
  ): Promise<RepoCredential | undefined> {
    const name = nameOnServer(this.#server, repository);
    if (name === undefined) return undefined;
    const credential = await this.#identity.gitCredential(name, purpose, signal);
    if (signal?.aborted === true) throw new Fault('cancelled', 'called off', { cause: signal.reason });
    return credential;
  }
}
