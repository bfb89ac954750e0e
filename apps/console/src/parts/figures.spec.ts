import { expect, it } from '@jest/globals';
import { age, cacheShare, count, duration, money } from './figures';

it.each([
  [money(0), '$0.00'],
  [money(0.00123), '$0.0012'],
  [money(12.345), '$12.35'],
  [count(1_234_567), '1.2M'],
  [duration(999), '999 ms'],
  [duration(1_500), '1.5 s'],
  [duration(75_000), '1 min 15 s'],
  [duration(3_720_000), '1 h 2 min'],
  [age('2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1, 0, 0, 42)), '42s'],
  [age('2026-01-01T00:00:00Z', Date.UTC(2026, 0, 4)), '3d'],
])('%s', (shown, expected) => {
  expect(shown).toBe(expected);
});

it('tells the share of the cache, where there is one', () => {
  expect(cacheShare({ inputTokens: 25, cacheReadTokens: 50, cacheWriteTokens: 25 })).toBe(50);
  expect(cacheShare({ inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 })).toBeUndefined();
});
