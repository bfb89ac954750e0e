import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Usage } from '@swe/domain';

/** Undefined when the provider reported nothing. */
export function fromUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): Usage | undefined {
  const { total, noCache, cacheRead = 0, cacheWrite = 0 } = inputTokens;
  if (total === undefined && noCache === undefined && outputTokens.total === undefined) return undefined;
  return {
    inputTokens: asCount(noCache ?? (total ?? 0) - cacheRead - cacheWrite),
    outputTokens: asCount(outputTokens.total ?? 0),
    cacheReadTokens: asCount(cacheRead),
    cacheWriteTokens: asCount(cacheWrite),
  };
}

/** Local servers have reported more cached tokens than they were given. */
function asCount(tokens: number): number {
  return Number.isFinite(tokens) ? Math.max(0, Math.round(tokens)) : 0;
}
