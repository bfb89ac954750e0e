import { z } from 'zod';
import type { LoopbackRefusal, LoopbackRequest } from './loopback-script';

const cacheControl = z.object({ type: z.literal('ephemeral') }).optional();
const written = z.string().refine((text) => text.trim() !== '', 'text content blocks must be non-empty');
const text = z.strictObject({ type: z.literal('text'), text: written, cache_control: cacheControl });
const base64 = (mediaType: z.ZodType) =>
  z.strictObject({ type: z.literal('base64'), media_type: mediaType, data: z.base64() });
const image = z.strictObject({
  type: z.literal('image'),
  source: base64(z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp'])),
  cache_control: cacheControl,
});
const document = z.strictObject({
  type: z.literal('document'),
  source: base64(z.literal('application/pdf')),
  title: z.string().optional(),
  cache_control: cacheControl,
});
const toolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image, document]))]).optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
});
const toolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
  cache_control: cacheControl,
});
const thinking = z.strictObject({
  type: z.literal('thinking'),
  thinking: z.string(),
  signature: z.string().min(1),
});
const redacted = z.strictObject({ type: z.literal('redacted_thinking'), data: z.string().min(1) });

const message = z.discriminatedUnion('role', [
  z.strictObject({
    role: z.literal('user'),
    content: z.array(z.discriminatedUnion('type', [text, image, document, toolResult])).min(1),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.array(z.discriminatedUnion('type', [text, toolUse, thinking, redacted])).min(1),
  }),
]);
type Message = z.infer<typeof message>;

/** Of the parameters only those that an agent has reason to send: an unknown one is refused. */
const messagesRequest = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().positive(),
  stream: z.literal(true),
  system: z.array(text).optional(),
  tools: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
        description: z.string().optional(),
        input_schema: z.looseObject({ type: z.literal('object') }),
        cache_control: cacheControl,
      }),
    )
    .optional(),
  /** https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking */
  thinking: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('adaptive'),
        display: z.enum(['omitted', 'summarized', 'updates']).optional(),
        block_binding: z
          .strictObject({ prefix_mismatch_behavior: z.enum(['error', 'drop_block']) })
          .optional(),
      }),
      z.strictObject({ type: z.literal('disabled') }),
    ])
    .optional(),
  tool_choice: z.object({ type: z.enum(['auto', 'any', 'tool', 'none']) }).optional(),
  messages: z.array(message).min(1),
});

/** https://platform.claude.com/docs/en/api/errors */
const MAX_REQUEST_BYTES = 32 * 1024 * 1024;
const MAX_CACHE_POINTS = 4;
/** https://platform.claude.com/docs/en/build-with-claude/preserved-thinking */
const BINDING_BETA = 'thinking-binding-controls-2026-08-01';

/**
 * What the Messages API answers to a request that it refuses: https://platform.claude.com/docs/en/api/messages (shape),
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls (results first, directly after
 * their calls), https://platform.claude.com/docs/en/build-with-claude/prompt-caching (four points),
 * https://platform.claude.com/docs/en/api/errors (types).
 */
export function checkAnthropicRequest({ headers, body }: LoopbackRequest): LoopbackRefusal | undefined {
  if (headers['x-api-key'] === undefined) {
    return { status: 401, error: { type: 'authentication_error', message: 'x-api-key header is required' } };
  }
  if (headers['anthropic-version'] === undefined) return invalid('anthropic-version: header is required');
  if (JSON.stringify(body).length > MAX_REQUEST_BYTES) {
    const message = 'Request exceeds the maximum allowed number of bytes.';
    return { status: 413, error: { type: 'request_too_large', message } };
  }
  const parsed = messagesRequest.safeParse(body);
  if (!parsed.success) return invalid(reasonOf(parsed.error));
  const { messages, thinking } = parsed.data;
  const binds = thinking?.type === 'adaptive' && thinking.block_binding !== undefined;
  if (binds && headers['anthropic-beta']?.includes(BINDING_BETA) !== true) {
    return invalid('thinking.adaptive.block_binding: Extra inputs are not permitted');
  }
  const points = countOf(body, 'cache_control');
  if (points > MAX_CACHE_POINTS) {
    return invalid(
      `A maximum of ${MAX_CACHE_POINTS} blocks with cache_control may be provided. Found ${points}.`,
    );
  }
  const problem = problemOf(messages);
  return problem === undefined ? undefined : invalid(problem);
}

function problemOf(messages: readonly Message[]): string | undefined {
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role';
  for (const [i, current] of messages.entries()) {
    const before = messages[i - 1];
    const asked = before?.role === 'assistant' ? idsOf(before, 'tool_use', 'id') : [];
    const given = idsOf(current, 'tool_result', 'tool_use_id');
    const stray = given.find((id) => !asked.includes(id));
    if (stray !== undefined) {
      return `messages.${i}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    }
    const missing = asked.filter((id) => !given.includes(id));
    const resultsFirst = current.content.slice(0, given.length).every(({ type }) => type === 'tool_result');
    if (missing.length > 0 || !resultsFirst || new Set(given).size !== given.length) {
      return `messages.${i - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
    }
  }
  const last = messages.at(-1);
  if (last !== undefined && idsOf(last, 'tool_use', 'id').length > 0) {
    return `messages.${messages.length - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after`;
  }
  return undefined;
}

function idsOf({ content }: Message, type: string, key: 'id' | 'tool_use_id'): readonly string[] {
  return content.flatMap((block) => (block.type === type && key in block ? [Reflect.get(block, key)] : []));
}

/** How often `key` is set anywhere within `value`. */
function countOf(value: unknown, key: string): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, inner]) => sum + (name === key ? 1 : countOf(inner, key)),
    0,
  );
}

function reasonOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.')}: ${issue?.message}`;
}

function invalid(message: string): LoopbackRefusal {
  return { status: 400, error: { type: 'invalid_request_error', message } };
}
