import { beforeBreak } from './break-off';
import { eventFrame } from './event-frame';
import { piecesOf, wordsOf } from './loopback-script';
import type { LoopbackAnswer } from './loopback-script';
import type { Break } from './loopback-server';

/** A content block as it is streamed. Only tool calls have a start. */
interface Block {
  readonly start?: object;
  readonly deltas: readonly object[];
}

/**
 * The frames of an answer of ConverseStream. Events and their order:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html, their shapes:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html, their headers:
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function* bedrockEvents(answer: LoopbackAnswer): Iterable<Uint8Array | Break> {
  const { ending = 'complete' } = answer;
  yield event('messageStart', { role: 'assistant' });
  const blocks = blocksOf(answer);
  for (const [contentBlockIndex, { start, deltas }] of blocks.entries()) {
    const isLast = contentBlockIndex === blocks.length - 1;
    const sent = (delta: object) => event('contentBlockDelta', { contentBlockIndex, delta });
    if (start !== undefined) yield event('contentBlockStart', { contentBlockIndex, start });
    for (const delta of beforeBreak(deltas, ending, isLast)) yield sent(delta);
    if (isLast && ending === 'error') return yield streamError();
    if (isLast && ending === 'hang') return yield ending;
    if (isLast && ending === 'cut') {
      // In the middle of a frame: a connection breaks anywhere.
      yield firstHalf(sent(deltas.at(-1) ?? {}));
      return yield ending;
    }
    yield event('contentBlockStop', { contentBlockIndex });
  }
  if (ending === 'unmarked') return;
  const stopReason = answer.stop ?? ((answer.calls ?? []).length > 0 ? 'tool_use' : 'end_turn');
  yield event('messageStop', { stopReason });
  if (answer.usage !== null)
    yield event('metadata', { usage: usageOf(answer), metrics: { latencyMs: 1275 } });
}

function blocksOf(answer: LoopbackAnswer): readonly Block[] {
  const words = wordsOf(answer);
  return [
    ...(answer.reasoning ?? []).map(({ text, seal, redacted }): Block => {
      if (redacted) return { deltas: [{ reasoningContent: { redactedContent: seal } }] };
      const shown = text === '' ? [] : [{ reasoningContent: { text } }];
      return {
        deltas: [...shown, ...(seal === undefined ? [] : [{ reasoningContent: { signature: seal } }])],
      };
    }),
    ...(words.length === 0 ? [] : [{ deltas: words.map((text) => ({ text })) }]),
    ...(answer.calls ?? []).map((call, i) => ({
      start: { toolUse: { toolUseId: call.id ?? `tooluse_${i + 1}`, name: call.name } },
      deltas: piecesOf(call).map((input) => ({ toolUse: { input } })),
    })),
  ];
}

/**
 * Cached tokens are no part of `inputTokens`: https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 */
function usageOf({ usage }: LoopbackAnswer): object {
  const { inputTokens = 25, outputTokens = 15, cacheReadTokens, cacheWriteTokens } = usage ?? {};
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0),
    ...(cacheReadTokens === undefined ? {} : { cacheReadInputTokens: cacheReadTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cacheWriteInputTokens: cacheWriteTokens }),
  };
}

function event(type: string, payload: object): Uint8Array {
  return frame(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    payload,
  );
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ModelStreamErrorException.html */
function streamError(): Uint8Array {
  return frame(
    {
      ':exception-type': 'modelStreamErrorException',
      ':content-type': 'application/json',
      ':message-type': 'exception',
    },
    { message: 'The system encountered an unexpected error during processing.', originalStatusCode: 500 },
  );
}

function frame(headers: Readonly<Record<string, string>>, payload: object): Uint8Array {
  return eventFrame(headers, Buffer.from(JSON.stringify(payload)));
}

function firstHalf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, Math.ceil(bytes.length / 2));
}
