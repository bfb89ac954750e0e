import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import type { ToolSpec } from '@swe/domain';
import type { Dialect } from './dialect';

/** The last tool carries the cache mark: the prefix up to it holds all of them. */
export function toTools(
  tools: readonly ToolSpec[],
  { cacheMark, strictTools }: Pick<Dialect, 'cacheMark' | 'strictTools'>,
): LanguageModelV4FunctionTool[] {
  return tools.map(({ name, description, inputSchema }, i) => ({
    type: 'function',
    name,
    description,
    inputSchema,
    ...(strictTools === undefined ? {} : { strict: strictTools }),
    ...(cacheMark !== undefined && i === tools.length - 1 ? { providerOptions: cacheMark } : {}),
  }));
}
