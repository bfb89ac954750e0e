import type { ChatEvent, CodeEvent } from '@swe/domain';
import type { ChatIngressPorts, ChatIngressRules } from './chat-ingress';
import { handleChatEvent } from './handle-chat-event';
import { handleCodeEvent } from './handle-code-event';
import type { CodeIngressPorts } from './handle-code-event';

/**
 * Takes what happened on a repository host: what was said there is a chat's as anywhere, but that the place decides who
 * may have the agent work, and nobody is an admin.
 */
export async function handleRepoEvent(
  ports: ChatIngressPorts & CodeIngressPorts,
  rules: ChatIngressRules,
  event: ChatEvent | CodeEvent,
): Promise<void> {
  switch (event.kind) {
    case 'reviewed':
    case 'checks-finished':
    case 'pull-request-closed':
    case 'pull-request-reopened':
      return handleCodeEvent(ports, rules, event);
    default:
      return handleChatEvent(ports, { ...rules, isByPlace: true }, event);
  }
}
