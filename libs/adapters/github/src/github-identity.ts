import type { RepoName } from './github-server';

/**
 * What is to be done by the API: talk about a repository's issues, pull requests and checks; or change the repository
 * itself.
 */
export type ApiPurpose = 'talk' | 'change';

export interface TokenWish {
  /** Absent for what is in no repository: a file that somebody has sent. */
  readonly repository?: RepoName;
  readonly purpose: ApiPurpose;
  /** A token that GitHub has just refused. */
  readonly refused?: string;
  readonly signal?: AbortSignal;
}

/** As whom the agent is on GitHub: a user by a personal access token, or an App. */
export interface GithubIdentity {
  /** Good for one call: callers keep nothing. Undefined where there is none for that. */
  token(wish: TokenWish): Promise<string | undefined>;
  /** The login that its words are under; an App's ends in `[bot]`. */
  login(): Promise<string>;
  /** Whether it may push there as far as its own permissions go; undefined where the repository itself says that. */
  mayPush(repository: RepoName): Promise<boolean | undefined>;
}
