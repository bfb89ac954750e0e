export { GithubClient } from '../github-client';
export type { GithubClientOptions, RepoApi } from '../github-client';
export type { ApiPurpose, GithubIdentity, TokenWish } from '../github-identity';
export { githubServer, nameOnServer, repoUrlOf } from '../github-server';
export type { GithubServer, RepoName } from '../github-server';
