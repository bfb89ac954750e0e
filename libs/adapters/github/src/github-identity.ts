import type { RepoName } from './github-server';

/**
 * What is to be done by the API: talk about a repository's issues, pull requests and checks; or change the repository
 * itself.
 */
export type ApiPurpose = 'talk' | 'change';

export interface TokenWish {
  readonly repository: RepoName;
  readonly purpose: ApiPurpose;
  /** A token that GitHub has just refused. */
  readonly refused?: string;
  readonly signal?: AbortSignal;
}

/** As whom the agent is on GitHub: a user by a personal access token, or an App. */
export interface GithubIdentity {
  /** Good for one call of the API: callers keep nothing. */
  token(wish: TokenWish): Promise<string>;
  /** The login that its words are under; an App's ends in `[bot]`. */
  login(): Promise<string>;
  /** Whether it may push there as far as its own permissions go; undefined where the repository itself says that. */
  mayPush(repository: RepoName): Promise<boolean | undefined>;
}
