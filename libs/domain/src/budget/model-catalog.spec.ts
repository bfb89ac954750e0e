import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_MODELS, catalogWith, costUsd, findModel, tightestImageLimits } from './model-catalog';
import { modelFacts, SAFE_IMAGE_LIMITS } from './model-facts';
import { noUsage } from './usage';

const MILLION = 1_000_000;
const sonnet = findModel(BUILT_IN_MODELS, 'anthropic/claude-sonnet-5-5');

describe('the model catalogue', () => {
  it('is well formed, and says of everything where and when it was read', () => {
    for (const facts of BUILT_IN_MODELS) expect(modelFacts.parse(facts)).toEqual(facts);
    expect(new Set(BUILT_IN_MODELS.map(({ id }) => id)).size).toBe(BUILT_IN_MODELS.length);
  });

  it('knows all models of a provider that stands for itself', () => {
    expect(findModel(BUILT_IN_MODELS, 'rehearsal/fix-failing-test')).toMatchObject({
      id: 'rehearsal/fix-failing-test',
      prices: { input: 0 },
    });
  });

  it.each([
    ['anthropic/claude-sonet-5-5', 'anthropic/claude-sonnet-5-5'],
    ['openai/gpt-6-lunar', 'openai/gpt-6-luna'],
    ['claude-opus-5-5', 'anthropic/claude-opus-5-5'],
  ])('says of the unknown %s that %s is close', (id, close) => {
    expect(() => findModel(BUILT_IN_MODELS, id)).toThrow(close);
  });

  it.each([
    ['bedrock/global.anthropic.claude-opus-5-5', 4],
    ['bedrock/global.anthropic.claude-opus-5-5@ap-south-1', 4],
    ['bedrock/us.anthropic.claude-opus-5-5', 4.4],
    ['bedrock/jp.anthropic.claude-opus-5-5@ap-northeast-1', 4.4],
    ['bedrock/anthropic.claude-opus-5-5@eu-west-1', 4.4],
    ['bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0', 3.3],
  ])('knows the model behind the profile %s, at %d USD', (id, input) => {
    expect(findModel(BUILT_IN_MODELS, id)).toMatchObject({ id, prices: { input } });
  });

  it('knows a model of the person’s own on Bedrock by its ARN', () => {
    const id = 'bedrock/arn:aws:bedrock:us-west-2:111122223333:application-inference-profile/abc';
    expect(findModel(catalogWith([{ ...sonnet, id }]), `${id}@us-west-2`).prices).toEqual(sonnet.prices);
  });

  it('is overridden by what somebody knows better', () => {
    const own = { ...sonnet, prices: { ...sonnet.prices, input: 1 } };
    const local = { ...sonnet, id: 'openai-compatible/llama' };
    const catalog = catalogWith([own, local]);
    expect(findModel(catalog, own.id).prices.input).toBe(1);
    expect(findModel(catalog, local.id)).toEqual(local);
    expect(catalog).toHaveLength(BUILT_IN_MODELS.length + 1);
  });
});

describe('facts that somebody wrote without abilities', () => {
  it('ask nothing of the model that it may not know', () => {
    const { thinking: _thinking, imageLimits: _limits, ...rest } = sonnet;
    expect(modelFacts.parse(rest)).toMatchObject({ thinking: 'none', imageLimits: SAFE_IMAGE_LIMITS });
  });
});

describe('the pictures of a list of models', () => {
  const seeing = (maxBytes: number, maxSidePixels: number) => ({
    seesImages: true,
    imageLimits: { maxBytes, maxSidePixels },
  });
  const blind = { seesImages: false, imageLimits: { maxBytes: 1, maxSidePixels: 1 } };

  it.each([
    ['one model', [seeing(10, 20)], { maxBytes: 10, maxSidePixels: 20 }],
    ['the tightest of each', [seeing(10, 20), seeing(5, 30)], { maxBytes: 5, maxSidePixels: 20 }],
    ['those that see', [seeing(10, 20), blind], { maxBytes: 10, maxSidePixels: 20 }],
    ['none that sees', [blind], undefined],
    ['no model', [], undefined],
  ])('are within the limits of %s', (_name, models, limits) => {
    expect(tightestImageLimits(models)).toEqual(limits);
  });
});

describe('what a call costs', () => {
  it.each([
    [{ inputTokens: MILLION }, 2],
    [{ outputTokens: MILLION }, 10],
    [{ cacheReadTokens: MILLION }, 0.1],
    [{ cacheWriteTokens: MILLION }, 2.5],
    [{ inputTokens: 1_000, outputTokens: 1_000, cacheReadTokens: 10_000 }, 0.013],
    [{}, 0],
  ])('%j is %d USD', (usage, usd) => {
    expect(costUsd(sonnet, { ...noUsage, ...usage })).toBeCloseTo(usd, 10);
  });

  it('more for the whole of a long request, cached or not', () => {
    const haiku = findModel(BUILT_IN_MODELS, 'anthropic/claude-haiku-5-5');
    const short = { ...noUsage, inputTokens: 50_000, cacheReadTokens: 50_000 };
    expect(costUsd(haiku, short)).toBeCloseTo(0.0055, 10);
    expect(costUsd(haiku, { ...short, cacheReadTokens: 50_001 })).toBeCloseTo(0.0275, 6);
  });
});
