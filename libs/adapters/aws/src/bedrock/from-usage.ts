import type { TokenUsage } from '@aws-sdk/client-bedrock-runtime';
import type { Usage } from '@swe/domain';

/**
 * Cached tokens are no part of `inputTokens`: the whole input is that, what was read and what was written
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html). Undefined when nothing was reported.
 */
export function fromUsage(reported: TokenUsage | undefined): Usage | undefined {
  if (reported?.inputTokens === undefined && reported?.outputTokens === undefined) return undefined;
  const { inputTokens = 0, outputTokens = 0, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = reported;
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: cacheReadInputTokens,
    cacheWriteTokens: cacheWriteInputTokens,
  };
}
