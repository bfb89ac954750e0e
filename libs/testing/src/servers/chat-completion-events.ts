import { beforeBreak } from './break-off';
import { piecesOf, wordsOf } from './loopback-script';
import type { LoopbackAnswer, LoopbackCall, LoopbackRequest } from './loopback-script';
import type { Break, SentEvent } from './loopback-server';

/**
 * The chunks of an answer of the Chat Completions API, as documented in
 * https://platform.openai.com/docs/api-reference/chat-streaming and
 * https://platform.openai.com/docs/guides/function-calling?api-mode=chat#streaming. `reasoning_content` is what
 * OpenAI-compatible servers add: https://api-docs.deepseek.com/guides/reasoning_model
 */
export function* chatCompletionEvents(
  answer: LoopbackAnswer,
  request: LoopbackRequest,
): Iterable<SentEvent | Break> {
  const { id = 'chatcmpl-loopback', ending = 'complete' } = answer;
  const calls = answer.calls ?? [];
  const withUsage =
    JSON.stringify(request.body['stream_options'] ?? {}).includes('"include_usage":true') &&
    answer.usage !== null;
  const chunk = (choices: readonly object[], usage: object | null = null): SentEvent => ({
    data: {
      id,
      object: 'chat.completion.chunk',
      created: 1694268190,
      model: request.body['model'],
      system_fingerprint: 'fp_44709d6fcb',
      choices,
      ...(withUsage ? { usage } : {}),
    },
  });
  const delta = (given: object, finishReason: string | null = null): SentEvent =>
    chunk([{ index: 0, delta: given, logprobs: null, finish_reason: finishReason }]);

  yield delta({ role: 'assistant', content: '' });
  for (const { text } of answer.reasoning ?? []) yield delta({ reasoning_content: text });
  for (const content of beforeBreak(wordsOf(answer), ending, calls.length === 0)) yield delta({ content });
  for (const [index, call] of calls.entries()) {
    const deltas = callDeltas(call, index);
    for (const given of beforeBreak(deltas, ending, index === calls.length - 1)) {
      yield delta({ tool_calls: [given] });
    }
  }
  if (ending === 'cut' || ending === 'hang') return yield ending;
  if (ending === 'error') {
    return yield {
      data: { error: { message: 'The server is overloaded', type: 'server_error', code: 503 } },
    };
  }
  if (ending === 'unmarked') return;
  yield delta({}, answer.stop ?? (calls.length > 0 ? 'tool_calls' : 'stop'));
  if (withUsage) yield chunk([], usageOf(answer));
  yield { data: '[DONE]' };
}

function callDeltas(call: LoopbackCall, index: number): readonly object[] {
  const id = call.id === null ? {} : { id: call.id ?? `call_${index + 1}` };
  const first = { index, ...id, type: 'function' };
  if (call.asObject) return [{ ...first, function: { name: call.name, arguments: call.input ?? {} } }];
  return [
    { ...first, function: { name: call.name, arguments: '' } },
    ...piecesOf(call).map((piece) => ({ index, function: { arguments: piece } })),
  ];
}

function usageOf({ usage }: LoopbackAnswer): object {
  const { inputTokens = 9, outputTokens = 12, cacheReadTokens = 0 } = usage ?? {};
  const promptTokens = inputTokens + cacheReadTokens;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cacheReadTokens },
  };
}
