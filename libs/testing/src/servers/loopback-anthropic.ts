import { anthropicEvents } from './anthropic-events';
import { checkAnthropicRequest } from './check-anthropic-request';
import { issuedThinking } from './issued-thinking';
import type { LoopbackScript } from './loopback-script';
import { eventApi, openLoopbackServer } from './loopback-server';
import type { LoopbackServer } from './loopback-server';

/** Anthropic's Messages API, streamed, on this machine. It answers by `script` and refuses what the vendor refuses. */
export function openLoopbackAnthropic(script: LoopbackScript): Promise<LoopbackServer> {
  const thinking = issuedThinking();
  return openLoopbackServer(
    script,
    eventApi(
      {
        '/v1/messages': {
          check: (request) => checkAnthropicRequest(request) ?? thinking.check(request),
          events(answer, request) {
            thinking.issue(answer, request);
            return anthropicEvents(answer, request);
          },
        },
      },
      ({ error: { type, message } }) => ({
        type: 'error',
        error: { type, message },
        request_id: 'req_loopback',
      }),
    ),
  );
}
