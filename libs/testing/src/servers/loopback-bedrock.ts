import { bedrockEvents } from './bedrock-events';
import { checkBedrockRequest } from './check-bedrock-request';
import { issuedBedrockReasoning } from './issued-bedrock-reasoning';
import type { LoopbackScript } from './loopback-script';
import { openLoopbackServer } from './loopback-server';
import type { LoopbackServer } from './loopback-server';

export interface LoopbackBedrockOptions {
  /** How many tokens, at four characters each, a conversation may have. */
  readonly contextTokens?: number;
}

/** An id or an ARN, encoded so that it is one part of the path. */
const CONVERSE_STREAM = /^\/model\/[^/]+\/converse-stream$/;

/**
 * Amazon Bedrock's ConverseStream on this machine, for any model, over HTTP/1.1. It answers by `script` and refuses
 * what the vendor refuses, with errors as https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html says.
 */
export function openLoopbackBedrock(
  script: LoopbackScript,
  { contextTokens = 1_000_000 }: LoopbackBedrockOptions = {},
): Promise<LoopbackServer> {
  const reasoning = issuedBedrockReasoning();
  return openLoopbackServer(script, {
    basePath: '',
    streamType: 'application/vnd.amazon.eventstream',
    endpointAt: (path) =>
      CONVERSE_STREAM.test(path)
        ? {
            check: (request) => checkBedrockRequest(request, contextTokens) ?? reasoning.check(request),
            events(answer, request) {
              reasoning.issue(answer, request);
              return bedrockEvents(answer);
            },
          }
        : undefined,
    toError: ({ error: { type, message } }) => ({
      headers: { 'x-amzn-errortype': type, 'x-amzn-requestid': 'loopback' },
      body: { message },
    }),
  });
}
