import { expect, it } from '@jest/globals';
import { BUILT_IN_MODELS, costUsd, findModel, noUsage } from '@swe/domain';
import type { Usage } from '@swe/domain';
import { openLoopbackBedrock } from '@swe/testing/servers';
import { ask, openClient, openModel } from './bedrock-fixture';

const used = (
  inputTokens: number,
  outputTokens: number,
  cacheReadTokens = 0,
  cacheWriteTokens = 0,
): Usage => ({
  inputTokens,
  outputTokens,
  cacheReadTokens,
  cacheWriteTokens,
});

/**
 * Cached tokens are reported beside the input: https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 */
it.each<[string, Usage, number]>([
  ['global.anthropic.claude-sonnet-5-5', used(1_000, 500), 0.007],
  ['global.anthropic.claude-sonnet-5-5', used(1_000, 500, 100_000), 0.017],
  ['global.anthropic.claude-sonnet-5-5', used(1_000, 500, 100_000, 20_000), 0.067],
  ['us.anthropic.claude-sonnet-5-5', used(1_000, 500, 100_000, 20_000), 0.0737],
  ['eu.anthropic.claude-sonnet-5-5@eu-west-1', used(1_000, 500), 0.0077],
  ['global.anthropic.claude-haiku-5-5', used(1, 0, 50_000, 50_000), 0.0337505],
])('a call of %s with %j costs %d USD, from its bytes to dollars', async (modelId, usage, usd) => {
  const server = await openLoopbackBedrock([{ say: 'Fine.', usage }]);
  const client = openClient(server.url);
  const finished = await ask(openModel(client));
  client.destroy();
  await server.close();
  expect(finished.usage).toEqual(usage);
  const facts = findModel(BUILT_IN_MODELS, `bedrock/${modelId}`);
  expect(costUsd(facts, finished.usage ?? noUsage)).toBeCloseTo(usd, 12);
});
