import { describe, expect, it } from '@jest/globals';
import { DEFAULT_TURN_LIMITS, turnLimitReached } from './turn-limit-policy';
import type { TurnProgress } from './turn-limit-policy';

const limits = { ...DEFAULT_TURN_LIMITS, maxSteps: 3, maxTurnMs: 120_000, maxCutAnswers: 2 };
const progress = { steps: 0, startedAtMs: 1_000, cutAnswers: 0 };

describe('a turn may take another step', () => {
  it.each<[string, Partial<TurnProgress>, number]>([
    ['at its beginning', {}, 1_000],
    ['one step below the limit', { steps: 2 }, 1_000],
    ['a millisecond before its time is up', {}, 120_999],
    ['one cut answer below the limit', { cutAnswers: 1 }, 1_000],
  ])('%s', (_name, change, nowMs) => {
    expect(turnLimitReached({ ...progress, ...change }, limits, nowMs)).toBeUndefined();
  });
});

describe('a turn ends', () => {
  it.each<[string, Partial<TurnProgress>, number, string]>([
    ['at its limit of steps', { steps: 3 }, 1_000, 'the limit of 3 steps'],
    ['above it', { steps: 9 }, 1_000, 'the limit of 3 steps'],
    ['when its time is up', {}, 121_000, 'the limit of 2 minutes'],
    ['at its limit of cut answers', { cutAnswers: 2 }, 1_000, '2 times in a row'],
    ['by its steps first, when several limits are reached', { steps: 3, cutAnswers: 2 }, 999_000, '3 steps'],
  ])('%s, and says why', (_name, change, nowMs, words) => {
    expect(turnLimitReached({ ...progress, ...change }, limits, nowMs)).toContain(words);
  });
});
