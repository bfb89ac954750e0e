import type { Tool, ToolConfiguration } from '@aws-sdk/client-bedrock-runtime';
import { HARNESS_NOTE } from '@swe/domain';
import type { JsonObject, ModelMessage, ToolSpec } from '@swe/domain';
import { CACHE_POINT } from './cache-point';
import { toName } from './to-assistant-blocks';

/** The SDK's document type knows no `readonly`, and no JSON type of ours. */
type Schema = NonNullable<NonNullable<Tool.ToolSpecMember['toolSpec']['inputSchema']>['json']>;

/**
 * The tools, with a cache point behind the last: the prefix up to it holds all of them. A conversation with tool calls
 * in it is refused without tools (https://github.com/langgenius/dify/issues/17545), so where there are none those that
 * it called are named, as gone.
 */
export function toToolConfig(
  tools: readonly ToolSpec[],
  messages: readonly ModelMessage[],
  isMarked: boolean,
): ToolConfiguration | undefined {
  const offered = tools.length > 0 ? tools : calledTools(messages);
  if (offered.length === 0) return undefined;
  return { tools: [...offered.map(toTool), ...(isMarked && tools.length > 0 ? [CACHE_POINT] : [])] };
}

function toTool({ name, description, inputSchema }: ToolSpec): Tool {
  return {
    toolSpec: {
      name,
      ...(description === '' ? {} : { description }),
      inputSchema: { json: inputSchema as JsonObject as Schema },
    },
  };
}

function calledTools(messages: readonly ModelMessage[]): readonly ToolSpec[] {
  const calls = messages.flatMap(({ content }) => content.filter((part) => part.type === 'tool-call'));
  return [...new Set(calls.map(({ name }) => toName(name)))].map((name) => ({
    name,
    description: `${HARNESS_NOTE} Not there any more: don't call it.`,
    inputSchema: { type: 'object', properties: {} },
  }));
}
