import { beforeBreak } from './break-off';
import { piecesOf, wordsOf } from './loopback-script';
import type { LoopbackAnswer, LoopbackRequest } from './loopback-script';
import type { Break, SentEvent } from './loopback-server';

/** An output item as it is streamed: how it begins, the events within, and what it has become. */
interface Item {
  readonly added: object;
  readonly inner: readonly (readonly [type: string, data: object])[];
  readonly done: object;
}

/**
 * The events of an answer of the Responses API, as documented in
 * https://platform.openai.com/docs/api-reference/responses-streaming and
 * https://platform.openai.com/docs/guides/function-calling#streaming
 */
export function* responsesEvents(
  answer: LoopbackAnswer,
  request: LoopbackRequest,
): Iterable<SentEvent | Break> {
  const { id = 'resp_loopback', ending = 'complete' } = answer;
  let sequence = 0;
  const sent = (type: string, data: object): SentEvent => ({
    name: type,
    data: { type, sequence_number: sequence++, ...data },
  });
  const response = {
    id,
    object: 'response',
    created_at: 1741290958,
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    model: request.body['model'],
    output: [],
    store: request.body['store'] ?? true,
    usage: null,
  };
  yield sent('response.created', { response });
  yield sent('response.in_progress', { response });
  const items = itemsOf(answer, isSealed(request));
  for (const [index, { added, inner, done }] of items.entries()) {
    const isLast = index === items.length - 1;
    yield sent('response.output_item.added', { output_index: index, item: added });
    for (const [type, data] of beforeBreak(inner, ending, isLast)) {
      // Of a hang only the words go out: their end is the silence.
      if (isLast && ending === 'hang' && type.endsWith('.done')) break;
      yield sent(type, { output_index: index, ...data });
    }
    if (isLast && ending === 'error') {
      const error = { code: 'server_error', message: 'The model failed to generate a response.' };
      return yield sent('response.failed', { response: { ...response, status: 'failed', error } });
    }
    if (isLast && (ending === 'cut' || ending === 'hang')) return yield ending;
    yield sent('response.output_item.done', { output_index: index, item: done });
  }
  if (ending === 'unmarked') return;
  const status = answer.stop === undefined ? 'completed' : 'incomplete';
  yield sent(`response.${status}`, {
    response: {
      ...response,
      status,
      incomplete_details: answer.stop === undefined ? null : { reason: answer.stop },
      output: items.map(({ done }) => done),
      usage: answer.usage === null ? null : usageOf(answer),
    },
  });
}

/** Encrypted reasoning comes to whoever asks for it: https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items */
function isSealed({ body }: LoopbackRequest): boolean {
  return JSON.stringify(body['include'] ?? []).includes('"reasoning.encrypted_content"');
}

function itemsOf(answer: LoopbackAnswer, sealed: boolean): readonly Item[] {
  const { id = 'loopback' } = answer;
  const words = wordsOf(answer);
  return [
    ...(answer.reasoning ?? []).map(({ text, seal }, i) =>
      reasoningItem({ id: `rs_${i + 1}_${id}`, type: 'reasoning' }, text, sealed ? (seal ?? null) : null),
    ),
    ...(words.length === 0 ? [] : [messageItem(`msg_${id}`, words, answer.phase)]),
    ...(answer.calls ?? []).map((call, i): Item => {
      const itemId = `fc_${i + 1}_${id}`;
      const item = {
        id: itemId,
        type: 'function_call',
        call_id: call.id ?? `call_${i + 1}`,
        name: call.name,
      };
      const written = piecesOf(call).join('');
      return {
        added: { ...item, status: 'in_progress', arguments: '' },
        inner: [
          ...piecesOf(call).map(
            (delta) => ['response.function_call_arguments.delta', { item_id: itemId, delta }] as const,
          ),
          ['response.function_call_arguments.done', { item_id: itemId, arguments: written }],
        ],
        done: { ...item, status: 'completed', arguments: written },
      };
    }),
  ];
}

function messageItem(itemId: string, words: readonly string[], phase: LoopbackAnswer['phase']): Item {
  const at = { item_id: itemId, content_index: 0 };
  const text = words.join('');
  const part = { type: 'output_text', text, annotations: [] };
  const item = {
    id: itemId,
    type: 'message',
    role: 'assistant',
    ...(phase === undefined ? {} : { phase }),
  };
  return {
    added: { ...item, status: 'in_progress', content: [] },
    inner: [
      ['response.content_part.added', { ...at, part: { ...part, text: '' } }],
      ...words.map((delta) => ['response.output_text.delta', { ...at, delta }] as const),
      ['response.output_text.done', { ...at, text }],
      ['response.content_part.done', { ...at, part }],
    ],
    done: { ...item, status: 'completed', content: [part] },
  };
}

function reasoningItem(item: { id: string; type: string }, text: string, sealed: string | null): Item {
  const at = { item_id: item.id, summary_index: 0 };
  const part = { type: 'summary_text', text };
  return {
    added: { ...item, summary: [], encrypted_content: sealed },
    inner:
      text === ''
        ? []
        : [
            ['response.reasoning_summary_part.added', { ...at, part: { ...part, text: '' } }],
            ['response.reasoning_summary_text.delta', { ...at, delta: text }],
            ['response.reasoning_summary_text.done', { ...at, text }],
            ['response.reasoning_summary_part.done', { ...at, part }],
          ],
    done: { ...item, summary: text === '' ? [] : [part], encrypted_content: sealed },
  };
}

function usageOf({ usage }: LoopbackAnswer): object {
  const { inputTokens = 37, outputTokens = 11, cacheReadTokens = 0, cacheWriteTokens } = usage ?? {};
  const allInput = inputTokens + cacheReadTokens + (cacheWriteTokens ?? 0);
  return {
    input_tokens: allInput,
    input_tokens_details: {
      cached_tokens: cacheReadTokens,
      ...(cacheWriteTokens === undefined ? {} : { cache_write_tokens: cacheWriteTokens }),
    },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: allInput + outputTokens,
  };
}
