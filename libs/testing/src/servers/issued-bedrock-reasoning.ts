import { z } from 'zod';
import { modelErrors } from './bedrock-refusal';
import type { LoopbackAnswer, LoopbackRefusal, LoopbackRequest } from './loopback-script';

/** The reasoning that Claude on Bedrock gave, as it is taken back: unchanged, and behind what it came after. */
export interface IssuedBedrockReasoning {
  issue(answer: LoopbackAnswer, request: LoopbackRequest): void;
  check(request: LoopbackRequest): LoopbackRefusal | undefined;
}

const block = z.object({
  reasoningContent: z
    .object({
      reasoningText: z.object({ text: z.string(), signature: z.string().optional() }).optional(),
      redactedContent: z.string().optional(),
    })
    .optional(),
});
const converseRequest = z.object({
  system: z.unknown().optional(),
  toolConfig: z.unknown().optional(),
  additionalModelRequestFields: z
    .object({
      thinking: z
        .object({ block_binding: z.object({ prefix_mismatch_behavior: z.string() }).optional() })
        .optional(),
    })
    .optional(),
  messages: z.array(z.looseObject({ content: z.array(block) })),
});

/**
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ReasoningTextBlock.html (unmodified),
 * https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-thinking-block-binding.html (its prefix).
 */
export function issuedBedrockReasoning(): IssuedBedrockReasoning {
  const issued = new Map<string, { readonly text: string; readonly prefix: string }>();
  return {
    issue({ reasoning = [] }, { body }) {
      for (const { text, seal } of reasoning) {
        if (seal !== undefined) issued.set(seal, { text, prefix: prefixOf(body, Infinity) });
      }
    },
    check({ body }) {
      const { messages, additionalModelRequestFields } = converseRequest.parse(body);
      const binding = additionalModelRequestFields?.thinking?.block_binding;
      const isDropped = binding?.prefix_mismatch_behavior === 'drop_block';
      for (const [i, { content }] of messages.entries()) {
        for (const [j, { reasoningContent }] of content.entries()) {
          if (reasoningContent === undefined) continue;
          const { reasoningText, redactedContent } = reasoningContent;
          const known = issued.get(reasoningText?.signature ?? redactedContent ?? '');
          const at = `messages.${i}.content.${j}: Invalid \`signature\` in \`thinking\` block`;
          if (known === undefined || known.text !== (reasoningText?.text ?? '')) return modelErrors(at);
          if (known.prefix !== prefixOf(body, i) && !isDropped) {
            return modelErrors(`${at}. The block is bound to a different conversation.`);
          }
        }
      }
      return undefined;
    },
  };
}

/** What is before the message of that number. Cache points are no part of it. */
function prefixOf(body: unknown, index: number): string {
  const { system, toolConfig, messages } = converseRequest
    .extend({ messages: z.array(z.unknown()) })
    .parse(body);
  return JSON.stringify([system, toolConfig, messages.slice(0, index)], (_key, value: unknown) =>
    Array.isArray(value) ? value.filter((each) => !isCachePoint(each)) : value,
  );
}

function isCachePoint(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'cachePoint' in value;
}
