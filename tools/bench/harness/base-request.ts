import { z } from 'zod';
import { jsonObject } from '@swe/domain';

/** What the agent's requests have in common, and what it makes of a command that prints nothing: for a loop that sends the same. */
export interface BaseRequest {
  readonly system: string;
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly inputSchema: z.infer<typeof jsonObject>;
  }[];
  readonly task: readonly string[];
  readonly result: string;
  readonly maxOutputTokens: number;
  readonly thinking?: z.infer<typeof jsonObject> | undefined;
}

const textBlock = z.object({ type: z.literal('text'), text: z.string() });
const resultBlock = z.object({
  type: z.literal('tool_result'),
  content: z.union([z.string(), z.array(textBlock)]),
});

/** As https://platform.claude.com/docs/en/api/messages has it, as far as the agent uses it. */
const body = z.object({
  system: z.array(textBlock),
  tools: z.array(z.object({ name: z.string(), description: z.string(), input_schema: jsonObject })),
  messages: z.array(z.object({ content: z.array(z.unknown()) })),
  max_tokens: z.int(),
  thinking: jsonObject.optional(),
});

/** Reads the body of an agent's second request. */
export function readBaseRequest(text: string): BaseRequest {
  const { system, tools, messages, max_tokens: maxOutputTokens, thinking } = body.parse(JSON.parse(text));
  const { content } = resultBlock.parse(messages.at(-1)?.content[0]);
  return {
    system: system.map((block) => block.text).join('\n'),
    tools: tools.map(({ input_schema: inputSchema, ...tool }) => ({ ...tool, inputSchema })),
    task: z
      .array(textBlock)
      .parse(messages[0]?.content)
      .map((block) => block.text),
    result: typeof content === 'string' ? content : content.map((block) => block.text).join('\n'),
    maxOutputTokens,
    thinking,
  };
}
