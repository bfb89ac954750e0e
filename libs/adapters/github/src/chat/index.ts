export { GithubChat } from './github-chat';
export type { GithubChatOptions } from './github-chat';
