import { beforeBreak } from './break-off';
import { piecesOf, wordsOf } from './loopback-script';
import type { LoopbackAnswer, LoopbackRequest } from './loopback-script';
import type { Break, SentEvent } from './loopback-server';

/** A content block as it is streamed: how it starts, and its deltas. */
interface Block {
  readonly start: object;
  readonly deltas: readonly object[];
}

/**
 * The events of an answer of the Messages API, as documented in
 * https://platform.claude.com/docs/en/build-with-claude/streaming
 */
export function* anthropicEvents(
  answer: LoopbackAnswer,
  request: LoopbackRequest,
): Iterable<SentEvent | Break> {
  const { id = 'msg_loopback', ending = 'complete' } = answer;
  const calls = answer.calls ?? [];
  yield sent('message_start', {
    message: {
      id,
      type: 'message',
      role: 'assistant',
      model: request.body['model'],
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...inputUsageOf(answer), output_tokens: 1 },
    },
  });
  const blocks = blocksOf(answer);
  for (const [index, { start, deltas }] of blocks.entries()) {
    const isLast = index === blocks.length - 1;
    yield sent('content_block_start', { index, content_block: start });
    if (index === 0) yield sent('ping', {});
    for (const delta of beforeBreak(deltas, ending, isLast)) {
      yield sent('content_block_delta', { index, delta });
    }
    if (isLast && ending === 'error') {
      return yield sent('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
    }
    if (isLast && (ending === 'cut' || ending === 'hang')) return yield ending;
    yield sent('content_block_stop', { index });
  }
  const stop = answer.stop ?? (calls.length > 0 ? 'tool_use' : 'end_turn');
  yield sent('message_delta', {
    delta: { stop_reason: stop, stop_sequence: null },
    usage: { output_tokens: answer.usage?.outputTokens ?? 15 },
  });
  if (ending === 'complete') yield sent('message_stop', {});
}

function blocksOf(answer: LoopbackAnswer): readonly Block[] {
  const words = wordsOf(answer);
  return [
    ...(answer.reasoning ?? []).map(({ text, seal, redacted }) =>
      redacted
        ? { start: { type: 'redacted_thinking', data: seal }, deltas: [] }
        : {
            start: { type: 'thinking', thinking: '', signature: '' },
            deltas: [
              ...(text === '' ? [] : [{ type: 'thinking_delta', thinking: text }]),
              { type: 'signature_delta', signature: seal },
            ],
          },
    ),
    ...(words.length === 0
      ? []
      : [
          {
            start: { type: 'text', text: '' },
            deltas: words.map((text) => ({ type: 'text_delta', text })),
          },
        ]),
    ...(answer.calls ?? []).map((call, i) => ({
      start: { type: 'tool_use', id: call.id ?? `toolu_${i + 1}`, name: call.name, input: {} },
      deltas: ['', ...piecesOf(call)].map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
    })),
  ];
}

function inputUsageOf({ usage }: LoopbackAnswer): object {
  const { inputTokens = 25, cacheReadTokens, cacheWriteTokens } = usage ?? {};
  return {
    input_tokens: inputTokens,
    ...(cacheWriteTokens === undefined ? {} : { cache_creation_input_tokens: cacheWriteTokens }),
    ...(cacheReadTokens === undefined ? {} : { cache_read_input_tokens: cacheReadTokens }),
  };
}

/** The name of an event is the type of its data. */
function sent(type: string, data: object): SentEvent {
  return { name: type, data: { type, ...data } };
}
