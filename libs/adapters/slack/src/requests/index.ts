export { handleSlackRequest } from './handle-slack-request';
export type { SlackRequestOptions } from './handle-slack-request';
export { toChatEvent } from './to-chat-event';
export { refusalOf } from './verify-signature';
