import { describe, expect, it } from '@jest/globals';
import { FREE } from '../budget/price';
import { estimateTokens } from './context-size';
import type { ReportedInput } from './context-size';
import { contextWindow } from './context-window';

const asked = { modelId: 'a/b', fixedBytes: 1_000, inputTokens: 50_000 };
const reported: ReportedInput = { model: 'a/b', bytes: 10_000, tokens: 2_000 };

describe('the tokens of the next request', () => {
  it.each<[string, number, ReportedInput | undefined, number]>([
    ['are a cautious guess before any report', 9_000, undefined, 4_000],
    ['are what was reported where nothing came since', 9_000, reported, 2_000],
    ['are that and a cautious guess of what came since', 11_000, reported, 2_800],
    ['are fewer where something went since', 4_000, reported, 1_000],
    ['are a quarter more where another model counted them', 9_000, { ...reported, model: 'c/d' }, 2_500],
    ['are all it takes where that was too many', 9_000, { ...reported, tokens: 'too-many' }, 50_000],
    [
      'are a cautious guess where that was too many for another model',
      9_000,
      { ...reported, model: 'c/d', tokens: 'too-many' },
      4_000,
    ],
    ['are in proportion after that', 4_000, { ...reported, tokens: 'too-many' }, 25_000],
  ])('%s', (_name, bytes, report, tokens) => {
    expect(estimateTokens({ bytes, reported: report }, asked)).toBe(tokens);
  });
});

describe('the window of a model', () => {
  const limits = { ...FREE, contextTokens: 100_000, maxOutputTokens: 8_000 };
  const dear = { aboveTokens: 50_000, prices: FREE.prices };

  it.each([
    ['leaves room for the answer', limits, 8_000, { inputTokens: 92_000, limitTokens: 82_800 }],
    ['leaves a quarter at most', limits, 90_000, { inputTokens: 92_000, limitTokens: 82_800 }],
    [
      'ends where tokens cost more',
      { ...limits, longContext: dear },
      8_000,
      { inputTokens: 92_000, limitTokens: 45_000 },
    ],
    [
      'ends where models find less',
      { ...limits, contextTokens: 1e6 },
      8_000,
      { inputTokens: 992_000, limitTokens: 180_000 },
    ],
  ])('%s', (_name, model, wanted, window) => {
    expect(contextWindow(model, wanted)).toEqual(window);
  });
});
