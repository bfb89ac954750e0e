import type { CredentialPurpose, RepoCredential } from '@swe/domain';
import type { RepoName } from '../github-server';

/** As whom the agent speaks git with GitHub. */
export interface GitIdentity {
  /** Good for another `CREDENTIAL_MIN_LIFE_MS`. */
  gitCredential(
    repository: RepoName,
    purpose: CredentialPurpose,
    signal?: AbortSignal,
  ): Promise<RepoCredential>;
}

/** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation */
export const GIT_USER = 'x-access-token';
