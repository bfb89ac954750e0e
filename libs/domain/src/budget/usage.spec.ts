import { describe, expect, it } from '@jest/globals';
import { addUsage, noUsage, usage } from './usage';

const a = { inputTokens: 1, outputTokens: 20, cacheReadTokens: 300, cacheWriteTokens: 4_000 };
const b = { inputTokens: 5, outputTokens: 6, cacheReadTokens: 7, cacheWriteTokens: 8 };

describe('usage', () => {
  it('adds up tier by tier', () => {
    expect(addUsage(a, b)).toEqual({
      inputTokens: 6,
      outputTokens: 26,
      cacheReadTokens: 307,
      cacheWriteTokens: 4_008,
    });
  });

  it('stays as it was when nothing is added', () => {
    expect(addUsage(a, noUsage)).toEqual(a);
    expect(addUsage(noUsage, a)).toEqual(a);
  });

  it.each([
    ['a negative count', { inputTokens: -1 }],
    ['half a token', { outputTokens: 0.5 }],
    ['a missing tier', { cacheReadTokens: undefined }],
    ['a count that is no number', { cacheWriteTokens: NaN }],
  ])('is not valid with %s', (_name, change) => {
    expect(usage.safeParse(a).success).toBe(true);
    expect(usage.safeParse({ ...a, ...change }).success).toBe(false);
  });
});
