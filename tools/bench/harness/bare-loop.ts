import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
// As the adapter has it: the package's entry loads more than a loop needs.
import { AnthropicLanguageModel } from '@ai-sdk/anthropic/internal';
import type { LanguageModelV4Message, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { BaseRequest } from './base-request';

/*
 * What a loop costs that does nothing else: asks the model by the vendor's SDK, runs the command that it wants, and puts
 * the result behind the conversation. Nothing is stored, limited, shown or shut in. Its requests are those of the agent.
 */

const [baseUrl = '', basePath = ''] = process.argv.slice(2);
const { system, tools, task, result, maxOutputTokens, thinking }: BaseRequest = JSON.parse(
  readFileSync(basePath, 'utf8'),
);
const execute = promisify(execFile);
const MARK = { providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } } } as const;

const model = new AnthropicLanguageModel('claude-opus-5-5', {
  provider: 'anthropic.messages',
  baseURL: baseUrl,
  headers: { 'anthropic-version': '2023-06-01', 'x-api-key': 'bench' },
});
const conversation: LanguageModelV4Message[] = [
  { role: 'user', content: task.map((text) => ({ type: 'text', text })) },
];

for (;;) {
  const { stream } = await model.doStream({
    prompt: [{ role: 'system', content: system, ...MARK }, ...withMarks(conversation)],
    tools: tools.map((tool, i) => ({ type: 'function', ...tool, ...(i === tools.length - 1 && MARK) })),
    maxOutputTokens,
    providerOptions: { anthropic: { toolStreaming: false, ...(thinking && { thinking }) } },
  });
  const { text, calls } = await answerOf(stream);
  if (calls.length === 0) break;
  conversation.push({
    role: 'assistant',
    content: [
      { type: 'text', text },
      ...calls.map(({ toolCallId, toolName, input }) => ({
        type: 'tool-call' as const,
        toolCallId,
        toolName,
        input: JSON.parse(input),
      })),
    ],
  });
  for (const { toolCallId, toolName, input } of calls) {
    const { stdout } = await execute('bash', ['-c', JSON.parse(input).command]);
    const value = stdout === '' ? result : stdout;
    conversation.push({
      role: 'tool',
      content: [{ type: 'tool-result', toolCallId, toolName, output: { type: 'text', value } }],
    });
  }
}

/** The last two messages that are not the model's end what the vendor is to cache, as in the agent's requests. */
function withMarks(messages: readonly LanguageModelV4Message[]): readonly LanguageModelV4Message[] {
  return messages.map((message, i) =>
    message.role !== 'assistant' && i >= messages.length - 3 ? { ...message, ...MARK } : message,
  );
}

async function answerOf(stream: ReadableStream<LanguageModelV4StreamPart>) {
  let text = '';
  const calls: Extract<LanguageModelV4StreamPart, { type: 'tool-call' }>[] = [];
  for await (const part of stream) {
    if (part.type === 'text-delta') text += part.delta;
    if (part.type === 'tool-call') calls.push(part);
    if (part.type === 'error') throw part.error;
  }
  return { text, calls };
}
