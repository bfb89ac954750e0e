import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BOUNDLESS_TOKENS } from './content-tokens';
import { BUILT_IN_MODELS } from './model-catalog';
import { toNanoUsd } from './nano-usd';
import { FREE } from './price';
import type { PricedModel } from './price';
import { billNanoUsd, worstCaseNanoUsd } from './worst-case-policy';

const MILLION = 1_000_000;
const model: PricedModel = {
  contextTokens: MILLION,
  maxOutputTokens: 100_000,
  prices: { input: 2, output: 10, cacheRead: 0.5, cacheWrite: 3 },
};
const long = {
  ...model,
  longContext: { aboveTokens: 200_000, prices: { input: 4, output: 20, cacheRead: 1, cacheWrite: 6 } },
};

describe('the worst case of a model call', () => {
  it.each<[string, PricedModel, number, number, number]>([
    ['nothing', model, 0, 0, 0],
    ['all input written into the cache, which is dearest here', model, 100_000, 0, 0.3],
    ['all input read', { ...model, prices: { ...model.prices, cacheWrite: 0 } }, 100_000, 0, 0.2],
    ['all output', model, 0, 10_000, 0.1],
    ['no more output than the model gives', model, 0, MILLION, 1],
    ['no more input than the model takes', model, 9 * MILLION, 0, 3],
    ['no more than that of a document whose length nobody knows', model, BOUNDLESS_TOKENS, 0, 3],
    ['nothing of such a document either, where nothing costs anything', FREE, BOUNDLESS_TOKENS, 0, 0],
    ['long, with the prices of that for all of it', long, 300_000, 10_000, 1.8 + 0.2],
    ['short of that', long, 200_000, 10_000, 0.6 + 0.1],
  ])('is %s', (_name, of, inputTokens, maxOutputTokens, usd) => {
    expect(worstCaseNanoUsd(of, { inputTokens, maxOutputTokens })).toBe(toNanoUsd(usd));
  });

  it('is never below the bill of a call within it, for any model that is known', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...BUILT_IN_MODELS),
        fc.integer({ min: 0, max: MILLION }),
        fc.integer({ min: 0, max: 128_000 }),
        fc.tuple(share, share, share, share),
        (facts, most, maxOutputTokens, [used, read, written, out]) => {
          const inputTokens = Math.min(most, facts.contextTokens);
          const whole = Math.floor(inputTokens * used);
          const cacheReadTokens = Math.floor(whole * read);
          const cacheWriteTokens = Math.floor((whole - cacheReadTokens) * written);
          const usage = {
            inputTokens: whole - cacheReadTokens - cacheWriteTokens,
            cacheReadTokens,
            cacheWriteTokens,
            outputTokens: Math.floor(Math.min(maxOutputTokens, facts.maxOutputTokens) * out),
          };
          const worst = worstCaseNanoUsd(facts, { inputTokens, maxOutputTokens });
          expect(billNanoUsd(facts, usage)).toBeLessThanOrEqual(worst);
        },
      ),
    );
  });
});
