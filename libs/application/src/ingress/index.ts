export { ASIDE } from './receive-aside';
export { handleChatEvent } from './handle-chat-event';
export { handleCodeEvent } from './handle-code-event';
export type { CodeIngressPorts, CodeIngressRules } from './handle-code-event';
export type { ChatIngressPorts, ChatIngressRules } from './chat-ingress';
export { receiveMessage } from './receive-message';
export type { IngressPorts } from './receive-message';
export { reviseMessage } from './revise-message';
export type { RevisingPorts, Revision, RevisionResult } from './revise-message';
