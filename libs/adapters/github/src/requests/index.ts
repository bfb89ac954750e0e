export { GithubHostEvents } from './github-host-events';
export { handleGithubRequest, MAX_GITHUB_BODY_BYTES } from './handle-github-request';
export type { GithubRequestOptions } from './handle-github-request';
export { toEvent } from './to-events';
export type { EventContext } from './event-context';
export type { GithubEvent } from './to-events';
export { pingWebhook } from './ping-webhook';
