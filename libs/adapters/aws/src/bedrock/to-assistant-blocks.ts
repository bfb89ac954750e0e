import type { ContentBlock } from '@aws-sdk/client-bedrock-runtime';
import type { AssistantContent, JsonObject, JsonValue, ToolCallContent } from '@swe/domain';
import { toReasoning } from './reasoning';

/**
 * Characters and length of names: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html
 */
const NO_NAME = /[^a-zA-Z0-9_-]/g;
const MAX_NAME = 64;

/** What a model said and asked for. `provider` is whose reasoning it may be given; without one it gets none. */
export function toAssistantBlocks(
  content: readonly AssistantContent[],
  provider: string | undefined,
): readonly ContentBlock[] {
  return content.flatMap((part): readonly ContentBlock[] => {
    switch (part.type) {
      case 'text':
        return part.text.trim() === '' ? [] : [{ text: part.text }];
      case 'reasoning':
        return provider === undefined ? [] : toReasoning(part, provider);
      case 'tool-call':
        return [toToolUse(part)];
    }
  });
}

/**
 * A model may have made up a name that no tool can have, or an input that is no object: refused once, refused for ever.
 */
function toToolUse({ callId, name, input }: ToolCallContent): ContentBlock {
  return { toolUse: { toolUseId: callId, name: toName(name), input: asObject(input) } };
}

export function toName(name: string): string {
  return name.replace(NO_NAME, '_').slice(0, MAX_NAME) || '_';
}

function asObject(input: JsonValue): JsonObject {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
}
