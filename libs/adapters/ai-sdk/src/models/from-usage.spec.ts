import { describe, expect, it } from '@jest/globals';
import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import { fromUsage } from './from-usage';

const reported = (
  [total, noCache, cacheRead, cacheWrite]: readonly (number | undefined)[],
  output: number | undefined,
): LanguageModelV4Usage => ({
  inputTokens: { total, noCache, cacheRead, cacheWrite },
  outputTokens: { total: output, text: undefined, reasoning: undefined },
});
const usage = (
  inputTokens: number,
  outputTokens: number,
  cacheReadTokens: number,
  cacheWriteTokens: number,
) => ({
  inputTokens,
  outputTokens,
  cacheReadTokens,
  cacheWriteTokens,
});

describe('usage', () => {
  it.each([
    ['in four tiers', reported([1300, 50, 1000, 250], 7), usage(50, 7, 1000, 250)],
    ['without a cache', reported([9, 9, 0, undefined], 12), usage(9, 12, 0, 0)],
    [
      'with the new input left to be worked out',
      reported([100, undefined, 60, undefined], 1),
      usage(40, 1, 60, 0),
    ],
    ['with more cached than given', reported([10, -5, 15, undefined], 1), usage(0, 1, 15, 0)],
    ['of the output only', reported([undefined, undefined, undefined, undefined], 3), usage(0, 3, 0, 0)],
    ['in what is no count', reported([1.4, 1.4, undefined, NaN], 2), usage(1, 2, 0, 0)],
    ['that nobody reported', reported([undefined, undefined, undefined, undefined], undefined), undefined],
  ])('%s', (_name, given, expected) => {
    expect(fromUsage(given)).toEqual(expected);
  });
});
