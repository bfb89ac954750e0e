export { AppIdentity } from './app-identity';
export { AppTokens } from './app-tokens';
export type { AppTokensOptions, InstallationToken } from './app-tokens';
export type { GitIdentity } from './git-identity';
export { GithubRepoCredentials } from './github-repo-credentials';
export { PersonalIdentity } from './personal-identity';
export type { PersonalIdentityOptions } from './personal-identity';
