import { expect, it } from '@jest/globals';
import { dollars, duration, tokens, wholeSeconds } from './figures';

it.each([
  [0, '$0'],
  [0.00001, '<$0.0001'],
  [0.0123, '$0.0123'],
  [12.345, '$12.35'],
])('%d US dollars are %s', (usd, words) => expect(dollars(usd)).toBe(words));

it.each([
  [40, '0.0 s', '0 s'],
  [59_900, '59.9 s', '59 s'],
  [125_000, '2 min 5 s', '2 min 5 s'],
])('%d ms are %s, or while they go on %s', (ms, words, whole) => {
  expect(duration(ms)).toBe(words);
  expect(wholeSeconds(ms)).toBe(whole);
});

it('tokens count cached ones as input', () => {
  const usage = { inputTokens: 100, outputTokens: 7, cacheReadTokens: 12_000, cacheWriteTokens: 30 };
  expect(tokens(usage)).toBe('12.1k in (12.0k cached), 7 out');
  expect(tokens({ ...usage, cacheReadTokens: 0 })).toBe('130 in, 7 out');
});
