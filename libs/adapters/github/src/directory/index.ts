export { GithubDirectory } from './github-directory';
export type { GithubDirectoryOptions } from './github-directory';
