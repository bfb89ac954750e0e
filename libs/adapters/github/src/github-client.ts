import type { Clock } from '@swe/domain';
import { authorizedFetch } from './authorized-fetch';
import { conditionalFetch } from './conditional-fetch';
import type { ApiPurpose, GithubIdentity } from './github-identity';
import { repoNameOf } from './github-server';
import type { GithubServer, RepoName } from './github-server';
import { openOctokit } from './open-octokit';
import type { GithubOctokit } from './open-octokit';
import { patientFetch } from './patient-fetch';
import { redirectingFetch } from './redirecting-fetch';
import { toFault } from './to-fault';

export interface GithubClientOptions {
  readonly server: GithubServer;
  readonly identity: GithubIdentity;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

/** A repository with the API as the agent speaks to it there. */
export interface RepoApi {
  readonly name: RepoName;
  readonly octokit: GithubOctokit;
}

/** GitHub's API as the agent: each repository with a token of its own. */
export class GithubClient {
  readonly server: GithubServer;
  readonly identity: GithubIdentity;
  readonly clock: Clock;
  readonly #fetch: typeof fetch;
  readonly #octokits = new Map<string, GithubOctokit>();

  constructor({ server, identity, clock, fetch }: GithubClientOptions) {
    this.server = server;
    this.identity = identity;
    this.clock = clock;
    this.#fetch = fetch;
  }

  /** By its canonical URL. Throws `missing` for one that is not on this server. */
  at(repository: string, purpose: ApiPurpose = 'talk'): RepoApi {
    const name = repoNameOf(this.server, repository);
    return { name, octokit: this.#octokit(purpose, name) };
  }

  /** For what is in no repository, with the token of one: an App has no other. Without that GitHub is asked as anybody. */
  forAccounts(repository: string | undefined): GithubOctokit {
    return repository === undefined ? this.#octokit('talk') : this.at(repository).octokit;
  }

  /** A query, or a mutation that may be repeated: https://docs.github.com/graphql/reference */
  async graphql(
    { octokit }: RepoApi,
    query: string,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    try {
      return await octokit.graphql(query, { ...variables });
    } catch (error) {
      throw toFault(error);
    }
  }

  #octokit(purpose: ApiPurpose, repository?: RepoName): GithubOctokit {
    const at = repository === undefined ? '' : `${repository.owner}/${repository.repo}`;
    const key = `${purpose} ${at}`.toLowerCase();
    const octokit = this.#octokits.get(key) ?? this.#open(purpose, repository);
    this.#octokits.set(key, octokit);
    return octokit;
  }

  #open(purpose: ApiPurpose, repository?: RepoName): GithubOctokit {
    const { server, identity, clock } = this;
    const authorized = authorizedFetch(this.#fetch, new URL(server.apiUrl).origin, (refused, signal) =>
      identity.token({
        ...(repository !== undefined && { repository }),
        purpose,
        ...(refused !== undefined && { refused }),
        ...(signal !== undefined && { signal }),
      }),
    );
    return openOctokit({
      server,
      fetch: patientFetch(conditionalFetch(redirectingFetch(authorized)), clock),
    });
  }
}
