import { z } from 'zod';

const API = z.strictObject;
const base64 = z.base64().min(1);
const cachePoint = API({
  cachePoint: API({ type: z.literal('default'), ttl: z.enum(['5m', '1h']).optional() }),
});
const text = API({ text: z.string() });
const image = API({
  image: API({ format: z.enum(['png', 'jpeg', 'gif', 'webp']), source: API({ bytes: base64 }) }),
});
const document = API({
  document: API({
    format: z.enum(['pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md']).optional(),
    name: z.string().min(1).max(200),
    source: API({ bytes: base64 }),
  }),
});
const name = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const toolUse = API({ toolUse: API({ toolUseId: name, name, input: z.unknown() }) });
const toolResult = API({
  toolResult: API({
    toolUseId: name,
    content: z.array(z.union([text, image, document, API({ json: z.unknown() })])),
    status: z.enum(['success', 'error']).optional(),
  }),
});
const reasoning = API({
  reasoningContent: z.union([
    API({ reasoningText: API({ text: z.string(), signature: z.string().optional() }) }),
    API({ redactedContent: base64 }),
  ]),
});
const contentBlock = z.union([text, image, document, toolUse, toolResult, reasoning, cachePoint]);
export type ContentBlock = z.infer<typeof contentBlock>;

const thinking = z.discriminatedUnion('type', [
  API({
    type: z.literal('adaptive'),
    display: z.enum(['omitted', 'summarized', 'updates']).optional(),
    block_binding: API({ prefix_mismatch_behavior: z.enum(['error', 'drop_block']) }).optional(),
  }),
  API({ type: z.literal('enabled'), budget_tokens: z.int().min(1024) }),
  API({ type: z.literal('disabled') }),
]);

/**
 * Of the parameters only those that an agent has reason to send: an unknown one is refused.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html, and below
 * `additionalModelRequestFields` Anthropic's own:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html
 */
export const converseStreamRequest = API({
  messages: z.array(API({ role: z.enum(['user', 'assistant']), content: z.array(contentBlock) })),
  system: z.array(z.union([text, cachePoint])).optional(),
  inferenceConfig: API({ maxTokens: z.int().positive().optional() }).optional(),
  toolConfig: API({
    tools: z
      .array(
        z.union([
          API({
            toolSpec: API({
              name,
              description: z.string().min(1).optional(),
              inputSchema: API({ json: z.looseObject({ type: z.literal('object') }) }),
            }),
          }),
          cachePoint,
        ]),
      )
      .min(1),
  }).optional(),
  additionalModelRequestFields: API({
    anthropic_beta: z.array(z.string()).min(1).optional(),
    thinking: thinking.optional(),
    output_config: API({ effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']) }).optional(),
  }).optional(),
});
export type ConverseStreamRequest = z.infer<typeof converseStreamRequest>;
export type ConverseMessage = ConverseStreamRequest['messages'][number];
