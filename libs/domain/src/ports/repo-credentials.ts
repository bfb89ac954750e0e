/** How long a credential is good at least, counted from when it is given: longer than any one request takes to begin. */
export const CREDENTIAL_MIN_LIFE_MS = 5 * 60_000;

/** What a credential is asked for; `push-workflows` is a push that may change what the host runs by itself. */
export type CredentialPurpose = 'read' | 'push' | 'push-workflows';

/** What HTTP Basic authentication wants. */
export interface RepoCredential {
  readonly username: string;
  readonly password: string;
  /** Absent where the host does not say when it ends. */
  readonly expiresAtMs?: number;
}

/**
 * Credentials for git repositories: short-lived where the host has such.
 *
 * - a credential lets read, and one for pushing lets push
 * - a credential for pushing workflows lets push, also where the host grants no more
 * - a credential is good for its own repository only
 * - a credential for reading does not push
 * - a credential is good for another `CREDENTIAL_MIN_LIFE_MS`, whenever it is given
 * - where no credential is needed, or none is there, there is none
 * - an unknown repository is `missing`
 * - a repository that the host forbids is `denied`
 */
export interface RepoCredentials {
  /**
   * `repository` is canonical: `https://github.com/owner/name`. Callers ask before each request and keep nothing;
   * undefined says: go without one.
   */
  credential(
    repository: string,
    purpose: CredentialPurpose,
    signal?: AbortSignal,
  ): Promise<RepoCredential | undefined>;
}
