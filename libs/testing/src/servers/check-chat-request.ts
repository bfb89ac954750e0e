import { z } from 'zod';
import { invalidRequest, reasonOf } from './openai-refusal';
import type { LoopbackRefusal, LoopbackRequest } from './loopback-script';

const text = z.strictObject({ type: z.literal('text'), text: z.string() });
const imageUrl = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({ url: z.string(), detail: z.string().optional() }),
});
const file = z.strictObject({
  type: z.literal('file'),
  file: z.strictObject({ filename: z.string(), file_data: z.string() }),
});
const textParts = z.union([z.string(), z.array(text).min(1)]);
const toolCall = z.strictObject({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.enum(['system', 'developer']), content: textParts }),
  z.strictObject({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, imageUrl, file])).min(1)]),
  }),
  z
    .strictObject({
      role: z.literal('assistant'),
      content: textParts.nullish(),
      reasoning_content: z.string().optional(),
      tool_calls: z.array(toolCall).min(1).optional(),
    })
    .refine(({ content, tool_calls }) => content != null || tool_calls !== undefined, {
      message: "Invalid value for 'content': expected a string, got null.",
    }),
  z.strictObject({ role: z.literal('tool'), tool_call_id: z.string(), content: textParts }),
]);
type Message = z.infer<typeof message>;

const chatRequest = z.strictObject({
  model: z.string().min(1),
  stream: z.literal(true),
  stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
  max_tokens: z.int().positive().optional(),
  max_completion_tokens: z.int().positive().optional(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal('function'),
        function: z.strictObject({
          name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
          description: z.string().optional(),
          parameters: z.looseObject({ type: z.literal('object') }),
          strict: z.boolean().optional(),
        }),
      }),
    )
    .min(1)
    .optional(),
  tool_choice: z.enum(['auto', 'none', 'required']).optional(),
  messages: z.array(message).min(1),
});

/** What the Chat Completions API answers to a request that it refuses: https://platform.openai.com/docs/api-reference/chat/create */
export function checkChatRequest({ body }: LoopbackRequest): LoopbackRefusal | undefined {
  const parsed = chatRequest.safeParse(body);
  if (!parsed.success) return invalidRequest(reasonOf(parsed.error));
  const problem = problemOf(parsed.data.messages);
  return problem === undefined ? undefined : invalidRequest(problem);
}

function problemOf(messages: readonly Message[]): string | undefined {
  let open: string[] = [];
  for (const current of messages) {
    if (current.role === 'tool') {
      if (!open.includes(current.tool_call_id)) {
        return "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.";
      }
      open = open.filter((id) => id !== current.tool_call_id);
      continue;
    }
    if (open.length > 0) break;
    if (current.role === 'assistant') open = (current.tool_calls ?? []).map(({ id }) => id);
  }
  if (open.length === 0) return undefined;
  return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(', ')}`;
}
