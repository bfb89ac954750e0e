export { GithubCheckLogs } from './github-check-logs';
export { GithubCodeReview } from './github-code-review';
export { GithubRepoForks } from './github-repo-forks';
export type { GithubRepoForksOptions } from './github-repo-forks';
export { GithubRepoHost } from './github-repo-host';
