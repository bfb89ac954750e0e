import { expect, it } from '@jest/globals';
import { BUILT_IN_MODELS, findModel } from './model-catalog';
import { summariserOf } from './summariser';

it.each([
  ['anthropic/claude-opus-5-5', 'anthropic/claude-haiku-5-5'],
  ['openai/gpt-6-sol', 'openai/gpt-6-luna'],
  ['bedrock/us.anthropic.claude-opus-5-5', 'bedrock/us.anthropic.claude-haiku-5-5'],
  [
    'bedrock/global.anthropic.claude-opus-5-5@eu-west-1',
    'bedrock/global.anthropic.claude-haiku-5-5@eu-west-1',
  ],
  ['openai-compatible/own', 'openai-compatible/own'],
  ['rehearsal/fix-failing-test', undefined],
])('%s is summed up by %s', (modelId, summariser) => {
  expect(summariserOf(BUILT_IN_MODELS, modelId)).toBe(summariser);
});

it('every summariser of the catalogue is in it, and cheaper than whom it sums up, or the same', () => {
  for (const { summariser, prices } of BUILT_IN_MODELS) {
    if (summariser === undefined) continue;
    expect(findModel(BUILT_IN_MODELS, summariser).prices.input).toBeLessThanOrEqual(prices.input * 1.1);
  }
});
