export { workspaceOf } from '../addresses';
export { MAX_FILE_BYTES, MAX_WORDS_LENGTH } from '../github-limits';
export { githubServer, nameOnServer, repoNameOf } from '../github-server';
export type { GithubServer } from '../github-server';
