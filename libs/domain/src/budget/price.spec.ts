import { expect, it } from '@jest/globals';
import { BUILT_IN_MODELS, catalogWith } from './model-catalog';
import { FREE, pricesOf } from './price';

const own = {
  ...BUILT_IN_MODELS[0]!,
  id: 'openai-compatible/rented',
  prices: { input: 1, output: 2, cacheRead: 1, cacheWrite: 1 },
};

it.each([
  ['of a model that is known', 'anthropic/claude-opus-5-5', 4],
  ['of the rehearsal: nothing', 'rehearsal/fix-failing-test', 0],
  ['of a model of one’s own server: nothing', 'openai-compatible/llama', 0],
  ['of one that the catalogue has a price for: that', 'openai-compatible/rented', 1],
  ['of a vendor’s model that nobody knows: none, and never nothing', 'anthropic/claude-next', undefined],
])('the price %s', (_name, id, input) => {
  expect(pricesOf(catalogWith([own]))(id)?.prices.input).toBe(input);
});

it('what is free may be of any length', () => {
  expect(FREE.contextTokens).toBeGreaterThan(100_000_000);
});
