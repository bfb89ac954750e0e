import type { LanguageModelV4ReasoningPart } from '@ai-sdk/provider';
import { jsonValue } from '@swe/domain';
import type { AssistantContent, ReasoningContent } from '@swe/domain';
import { z } from 'zod';
import type { Dialect } from './dialect';

/** What this adapter keeps as `opaque`: the provider's own metadata of the block. */
export const metadata = z.record(z.string(), z.record(z.string(), jsonValue.optional()));

/**
 * Reasoning as its own provider takes it back; nothing for any other. Without its seal it would be refused, and the
 * session with it. OpenAI streams an item in several parts and seals the last: they share its `itemId`.
 */
export function toReasoning(
  part: ReasoningContent,
  answer: readonly AssistantContent[],
  { provider, reasoning }: Pick<Dialect, 'provider' | 'reasoning'>,
): readonly LanguageModelV4ReasoningPart[] {
  if (part.provider !== provider || reasoning === 'dropped') return [];
  if (reasoning === 'plain') return [{ type: 'reasoning', text: part.text }];
  const itemId = valueOf(part, 'itemId');
  const isSealed = answer.some(
    (other) =>
      other.type === 'reasoning' &&
      (other === part || (itemId !== undefined && valueOf(other, 'itemId') === itemId)) &&
      reasoning.sealedBy.some((key) => valueOf(other, key) !== undefined),
  );
  if (!isSealed) return [];
  return [{ type: 'reasoning', text: part.text, providerOptions: metadata.parse(part.opaque) }];
}

function valueOf({ opaque }: ReasoningContent, key: string): unknown {
  const { data = {} } = metadata.safeParse(opaque);
  return Object.values(data)
    .map((values) => values[key] ?? undefined)
    .find((value) => value !== undefined);
}
