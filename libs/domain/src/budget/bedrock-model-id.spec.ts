import { describe, expect, it } from '@jest/globals';
import { bedrockModelId, inferenceProfileOf } from './bedrock-model-id';

const ARN = 'arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc';

describe('a model on Bedrock', () => {
  it.each([
    ['anthropic.claude-opus-5-5', undefined, 'anthropic.claude-opus-5-5', undefined],
    ['us.anthropic.claude-opus-5-5', 'us', 'anthropic.claude-opus-5-5', undefined],
    ['us-gov.anthropic.claude-opus-5-5', 'us-gov', 'anthropic.claude-opus-5-5', undefined],
    ['global.anthropic.claude-opus-5-5@us-west-2', 'global', 'anthropic.claude-opus-5-5', 'us-west-2'],
    ['anthropic.claude-x-v1:0@eu-west-1', undefined, 'anthropic.claude-x-v1:0', 'eu-west-1'],
    ['amazon.nova-pro-v1:0', undefined, 'amazon.nova-pro-v1:0', undefined],
    [ARN, undefined, ARN, 'eu-west-1'],
    [`${ARN}@us-east-1`, undefined, ARN, 'us-east-1'],
  ])('%s has the geography %s, the base id %s and the region %s', (written, geography, baseId, region) => {
    expect(bedrockModelId(written)).toMatchObject({ geography, baseId, region });
    expect(bedrockModelId(written).modelId).toBe(written.split('@')[0]);
  });

  const opus = 'anthropic.claude-opus-5-5';
  it.each([
    [opus, 'us-west-2', `us.${opus}`],
    [opus, 'ca-central-1', `us.${opus}`],
    [opus, 'us-gov-west-1', `us-gov.${opus}`],
    [opus, 'eu-central-1', `eu.${opus}`],
    [opus, 'ap-northeast-1', `jp.${opus}`],
    [opus, 'ap-northeast-3', `jp.${opus}`],
    [opus, 'ap-southeast-2', `au.${opus}`],
    [opus, 'ap-northeast-2', `global.${opus}`],
    [opus, 'ap-southeast-1', `global.${opus}`],
    [opus, 'sa-east-1', `global.${opus}`],
    ['anthropic.claude-opus-4-6-v1', 'ap-southeast-1', 'apac.anthropic.claude-opus-4-6-v1'],
    ['anthropic.claude-opus-4-6-v1', 'ap-northeast-1', 'jp.anthropic.claude-opus-4-6-v1'],
    [
      'anthropic.claude-sonnet-4-20250514-v1:0',
      'ap-northeast-1',
      'apac.anthropic.claude-sonnet-4-20250514-v1:0',
    ],
    [`eu.${opus}`, 'us-west-2', `eu.${opus}`],
    [ARN, 'us-west-2', ARN],
    ['amazon.nova-pro-v1:0', 'us-west-2', 'amazon.nova-pro-v1:0'],
  ])('%s is asked for from %s as %s', (modelId, region, profile) => {
    expect(inferenceProfileOf(modelId, region)).toBe(profile);
  });
});
