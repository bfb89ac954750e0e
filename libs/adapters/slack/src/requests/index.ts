export { handleSlackRequest, MAX_SLACK_BODY_BYTES } from './handle-slack-request';
export type { SlackRequestOptions } from './handle-slack-request';
export { refusalOf } from './verify-signature';
export { verifyUrl } from './verify-url';
