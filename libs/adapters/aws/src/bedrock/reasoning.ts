import type { ContentBlock } from '@aws-sdk/client-bedrock-runtime';
import type { JsonValue, ReasoningContent } from '@swe/domain';
import { z } from 'zod';

/** What is kept of reasoning as `opaque`: its signature, or all of it, encrypted, as base64. */
const seal = z.union([
  z.strictObject({ signature: z.string().min(1) }),
  z.strictObject({ redactedContent: z.base64().min(1) }),
]);
export type Seal = z.infer<typeof seal>;

/** Reasoning as its vendor takes it back, byte for byte; nothing for any other, or where it is not sealed. */
export function toReasoning(part: ReasoningContent, provider: string): readonly ContentBlock[] {
  const { data } = seal.safeParse(part.opaque);
  if (part.provider !== provider || data === undefined) return [];
  if ('redactedContent' in data) {
    return [{ reasoningContent: { redactedContent: Buffer.from(data.redactedContent, 'base64') } }];
  }
  return [{ reasoningContent: { reasoningText: { text: part.text, signature: data.signature } } }];
}

/** What came in as the block's signature and encrypted bytes. */
export function sealOf(signature: string, redacted: readonly Uint8Array[]): JsonValue {
  if (redacted.length > 0) return { redactedContent: Buffer.concat(redacted).toString('base64') };
  return signature === '' ? null : { signature };
}
