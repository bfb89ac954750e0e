import { Fault } from '@swe/domain';
import type { CredentialPurpose, RepoCredential } from '@swe/domain';
import type { GithubIdentity, TokenWish } from '../github-identity';
import type { RepoName } from '../github-server';
import type { AppTokens } from './app-tokens';
import { GIT_USER } from './git-identity';
import type { GitIdentity } from './git-identity';
import { PERMISSIONS } from '../permissions';

/** The agent as a GitHub App: each repository with tokens of its own. */
export class AppIdentity implements GithubIdentity, GitIdentity {
  readonly #tokens: AppTokens;
  #login: Promise<string> | undefined;

  constructor(tokens: AppTokens) {
    this.#tokens = tokens;
  }

  async token({ repository, purpose, refused }: TokenWish): Promise<string | undefined> {
    if (repository === undefined) return undefined;
    return (await this.#tokens.token(repository, PERMISSIONS[purpose], refused)).token;
  }

  login(): Promise<string> {
    this.#login ??= this.#tokens.login().catch((error: unknown) => {
      this.#login = undefined;
      throw error;
    });
    return this.#login;
  }

  async mayPush(repository: RepoName): Promise<boolean> {
    return (await this.#tokens.granted(repository))['contents'] === 'write';
  }

  async gitCredential(repository: RepoName, purpose: CredentialPurpose): Promise<RepoCredential> {
    const { token, expiresAtMs, permissions } = await this.#tokens.token(repository, PERMISSIONS[purpose]);
    if (purpose !== 'read' && permissions['contents'] !== 'write') {
      throw new Fault(
        'denied',
        'GitHub: the App has not been granted contents: write there: its owner has to accept that permission',
      );
    }
    return { username: GIT_USER, password: token, expiresAtMs };
  }
}
