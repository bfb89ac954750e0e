import { z } from 'zod';
import type { LoopbackAnswer, LoopbackRefusal, LoopbackRequest } from './loopback-script';

/** The thinking that Anthropic gave, as it takes it back: unchanged, and behind what it came after. */
export interface IssuedThinking {
  issue(answer: LoopbackAnswer, request: LoopbackRequest): void;
  check(request: LoopbackRequest): LoopbackRefusal | undefined;
}

const block = z.object({
  type: z.string(),
  thinking: z.string().optional(),
  signature: z.string().optional(),
  data: z.string().optional(),
});
const messagesRequest = z.object({
  system: z.unknown().optional(),
  tools: z.unknown().optional(),
  thinking: z
    .object({ block_binding: z.object({ prefix_mismatch_behavior: z.string() }).optional() })
    .optional(),
  messages: z.array(z.looseObject({ content: z.array(block) })),
});

/** https://platform.claude.com/docs/en/build-with-claude/preserved-thinking: its errors, and what counts as the prefix. */
export function issuedThinking(): IssuedThinking {
  const issued = new Map<string, { readonly text: string; readonly prefix: string }>();
  return {
    issue({ reasoning = [] }, { body }) {
      for (const { text, seal } of reasoning) {
        if (seal !== undefined) issued.set(seal, { text, prefix: prefixOf(body, Infinity) });
      }
    },
    check({ body }) {
      const { messages, thinking } = messagesRequest.parse(body);
      const isDropped = thinking?.block_binding?.prefix_mismatch_behavior === 'drop_block';
      for (const [i, { content }] of messages.entries()) {
        for (const [j, given] of content.entries()) {
          if (given.type !== 'thinking' && given.type !== 'redacted_thinking') continue;
          const known = issued.get(given.signature ?? given.data ?? '');
          const at = `messages.${i}.content.${j}: Invalid \`signature\` in \`thinking\` block`;
          if (known === undefined || known.text !== (given.thinking ?? '')) return invalid(at);
          if (known.prefix !== prefixOf(body, i) && !isDropped) {
            return invalid(
              `${at}. The block is bound to a different conversation. Remove the block, or set \`thinking.block_binding.prefix_mismatch_behavior\` to "drop_block".`,
            );
          }
        }
      }
      return undefined;
    },
  };
}

/** What is before the message of that number. Cache marks are no part of it. */
function prefixOf(body: unknown, index: number): string {
  const { system, tools, messages } = messagesRequest.extend({ messages: z.array(z.unknown()) }).parse(body);
  return JSON.stringify([system, tools, messages.slice(0, index)], (key, value: unknown) =>
    key === 'cache_control' ? undefined : value,
  );
}

function invalid(message: string): LoopbackRefusal {
  return { status: 400, error: { type: 'invalid_request_error', message } };
}
