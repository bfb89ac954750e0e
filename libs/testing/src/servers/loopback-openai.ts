import { chatCompletionEvents } from './chat-completion-events';
import { checkChatRequest } from './check-chat-request';
import { checkResponsesRequest } from './check-responses-request';
import { issuedReasoning } from './issued-reasoning';
import type { LoopbackScript } from './loopback-script';
import { eventApi, openLoopbackServer } from './loopback-server';
import type { LoopbackServer } from './loopback-server';
import { responsesEvents } from './responses-events';

/**
 * OpenAI on this machine, streamed: the Responses API, and the Chat Completions API as OpenAI-compatible servers
 * speak it (an API key isn't asked for). It answers by `script` and refuses what the vendor refuses.
 */
export function openLoopbackOpenAi(script: LoopbackScript): Promise<LoopbackServer> {
  const reasoning = issuedReasoning();
  return openLoopbackServer(
    script,
    eventApi(
      {
        '/v1/responses': {
          check: (request) => checkResponsesRequest(request) ?? reasoning.check(request),
          events(answer, request) {
            reasoning.issue(answer, request);
            return responsesEvents(answer, request);
          },
        },
        '/v1/chat/completions': { check: checkChatRequest, events: chatCompletionEvents },
      },
      ({ error: { type, message, code = null } }) => ({ error: { message, type, param: null, code } }),
    ),
  );
}
