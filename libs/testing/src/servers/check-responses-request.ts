import { z } from 'zod';
import { invalidRequest, reasonOf } from './openai-refusal';
import type { LoopbackRefusal, LoopbackRequest } from './loopback-script';

const inputText = z.strictObject({ type: z.literal('input_text'), text: z.string() });
const inputImage = z.strictObject({
  type: z.literal('input_image'),
  image_url: z.string(),
  detail: z.string().optional(),
});
const inputFile = z.strictObject({
  type: z.literal('input_file'),
  filename: z.string(),
  file_data: z.string(),
});
const inputParts = z.array(z.discriminatedUnion('type', [inputText, inputImage, inputFile])).min(1);
const outputText = z.looseObject({ type: z.literal('output_text'), text: z.string() });

const inputMessage = z.discriminatedUnion('role', [
  z.strictObject({ role: z.enum(['system', 'developer']), content: z.union([z.string(), inputParts]) }),
  z.strictObject({ role: z.literal('user'), content: z.union([z.string(), inputParts]) }),
  z.strictObject({
    role: z.literal('assistant'),
    id: z.string().optional(),
    phase: z.enum(['commentary', 'final_answer']).nullish(),
    content: z.union([z.string(), z.array(outputText).min(1)]),
  }),
]);
const inputItem = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('function_call'),
    id: z.string().optional(),
    call_id: z.string().min(1),
    name: z.string(),
    arguments: z.string(),
  }),
  z.strictObject({
    type: z.literal('function_call_output'),
    call_id: z.string(),
    output: z.union([z.string(), inputParts]),
  }),
  z.strictObject({
    type: z.literal('reasoning'),
    id: z.string().optional(),
    encrypted_content: z.string().nullish(),
    summary: z.array(z.strictObject({ type: z.literal('summary_text'), text: z.string() })),
  }),
]);

const responsesRequest = z.strictObject({
  model: z.string().min(1),
  stream: z.literal(true),
  store: z.boolean().optional(),
  include: z.array(z.string()).optional(),
  instructions: z.string().optional(),
  max_output_tokens: z.int().min(16).optional(),
  parallel_tool_calls: z.boolean().optional(),
  reasoning: z.looseObject({}).optional(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal('function'),
        name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
        description: z.string().optional(),
        parameters: z.looseObject({ type: z.literal('object') }),
        strict: z.boolean().optional(),
      }),
    )
    .min(1)
    .optional(),
  tool_choice: z.enum(['auto', 'none', 'required']).optional(),
  input: z.array(z.union([inputItem, inputMessage])).min(1),
});
type Item = z.infer<typeof responsesRequest>['input'][number];

/**
 * What the Responses API answers to a request that it refuses: https://platform.openai.com/docs/api-reference/responses/create.
 * Reasoning of a response that wasn't stored comes back encrypted:
 * https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items
 */
export function checkResponsesRequest({ headers, body }: LoopbackRequest): LoopbackRefusal | undefined {
  if (headers['authorization'] === undefined) {
    const error = { type: 'invalid_request_error', message: "You didn't provide an API key." };
    return { status: 401, error };
  }
  const parsed = responsesRequest.safeParse(body);
  if (!parsed.success) return invalidRequest(reasonOf(parsed.error));
  const { input, store = true } = parsed.data;
  const problem = problemOf(input, store);
  return problem === undefined ? undefined : invalidRequest(problem);
}

function problemOf(input: readonly Item[], store: boolean): string | undefined {
  const asked = new Set<string>();
  const given = new Set<string>();
  for (const [i, item] of input.entries()) {
    if (!('type' in item)) continue;
    if (item.type === 'function_call') asked.add(item.call_id);
    if (item.type === 'function_call_output') {
      if (!asked.has(item.call_id)) {
        return `No tool call found for function call output with call_id ${item.call_id}.`;
      }
      given.add(item.call_id);
    }
    if (item.type === 'reasoning') {
      if (!store && item.encrypted_content == null) {
        return `Item with id '${item.id}' not found. Items are not persisted when \`store\` is set to false.`;
      }
      const next = input.slice(i + 1).find((later) => !('type' in later && later.type === 'reasoning'));
      const belongs =
        next !== undefined && ('type' in next ? next.type === 'function_call' : next.role === 'assistant');
      if (!belongs) {
        return `Item '${item.id}' of type 'reasoning' was provided without its required following item.`;
      }
    }
  }
  const missing = [...asked].find((id) => !given.has(id));
  return missing === undefined ? undefined : `No tool output found for function call ${missing}.`;
}
