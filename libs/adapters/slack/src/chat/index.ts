export { quietLogger } from '../quiet-logger';
export { SlackChat } from './slack-chat';
export type { SlackChatOptions } from './slack-chat';
