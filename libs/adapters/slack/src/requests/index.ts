export { handleSlackRequest } from './handle-slack-request';
export type { SlackRequestOptions } from './handle-slack-request';
export { refusalOf } from './verify-signature';
