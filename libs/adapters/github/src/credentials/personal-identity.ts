import { Fault } from '@swe/domain';
import type { Clock, CredentialPurpose, RepoCredential } from '@swe/domain';
import { z } from 'zod';
import { authorizedFetch } from '../authorized-fetch';
import { conditionalFetch } from '../conditional-fetch';
import { openOctokit } from '../open-octokit';
import { patientFetch } from '../patient-fetch';
import { redirectingFetch } from '../redirecting-fetch';
import type { GithubIdentity } from '../github-identity';
import type { GithubServer, RepoName } from '../github-server';
import type { GithubOctokit } from '../open-octokit';
import { scopeLack } from '../token-scopes';
import { GIT_USER } from './git-identity';
import type { GitIdentity } from './git-identity';

export interface PersonalIdentityOptions {
  readonly server: GithubServer;
  /** A personal access token, classic or fine-grained, asked for at each call so that a rotation is seen. */
  token(): Promise<string>;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

const user = z.object({ login: z.string() });
const repository = z.object({
  archived: z.boolean().default(false),
  private: z.boolean().default(false),
  permissions: z.object({ push: z.boolean() }).optional(),
});

/**
 * The agent as a user, by a personal access token. One token opens all that it opens: that it reaches one repository
 * only, or does not push, is what whoever holds it sees to.
 */
export class PersonalIdentity implements GithubIdentity, GitIdentity {
  readonly #options: PersonalIdentityOptions;
  readonly #octokit: GithubOctokit;
  #login: { readonly token: string; readonly login: Promise<string> } | undefined;

  constructor(options: PersonalIdentityOptions) {
    const { server, clock, fetch, token } = options;
    this.#options = options;
    const authorized = authorizedFetch(fetch, new URL(server.apiUrl).origin, () => token());
    this.#octokit = openOctokit({
      server,
      fetch: patientFetch(conditionalFetch(redirectingFetch(authorized)), clock),
    });
  }

  token(): Promise<string> {
    return this.#options.token();
  }

  /** https://docs.github.com/rest/users/users#get-the-authenticated-user */
  async login(): Promise<string> {
    const token = await this.#options.token();
    if (this.#login?.token !== token) {
      const login = this.#octokit.request('GET /user').then(({ data }) => user.parse(data).login);
      this.#login = { token, login };
      login.catch(() => (this.#login = undefined));
    }
    return this.#login?.login ?? this.login();
  }

  async mayPush(): Promise<undefined> {
    return undefined;
  }

  async gitCredential(
    name: RepoName,
    purpose: CredentialPurpose,
    signal?: AbortSignal,
  ): Promise<RepoCredential> {
    const request = signal === undefined ? {} : { request: { signal } };
    const { data, headers } = await this.#octokit.request('GET /repos/{owner}/{repo}', {
      ...name,
      ...request,
    });
    const { archived, private: isPrivate, permissions } = repository.parse(data);
    if (purpose !== 'read') {
      if (archived || permissions?.push !== true) {
        throw new Fault('denied', `GitHub: the token's owner may not push to ${name.owner}/${name.repo}`);
      }
      const lack = scopeLack(headers, isPrivate ? ['repo'] : ['repo', 'public_repo']);
      if (lack !== undefined) throw new Fault('denied', `GitHub: ${name.owner}/${name.repo}: ${lack}`);
    }
    const expiresAtMs = expiryOf(headers[EXPIRY]);
    return {
      username: GIT_USER,
      password: await this.#options.token(),
      ...(expiresAtMs !== undefined && { expiresAtMs }),
    };
  }
}

/** `2026-01-31 23:59:59 UTC`, of tokens that end: https://github.blog/changelog/2021-07-26-expiration-options-for-personal-access-tokens/ */
const EXPIRY = 'github-authentication-token-expiration';

function expiryOf(header: string | number | undefined): number | undefined {
  const ms = Date.parse(String(header ?? ''));
  return Number.isNaN(ms) ? undefined : ms;
}
