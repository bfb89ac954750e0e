import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_MODELS, costUsd, findModel } from '@swe/domain';
import type { LanguageModel, Usage } from '@swe/domain';
import { openLoopbackAnthropic, openLoopbackOpenAi } from '@swe/testing/servers';
import type { LoopbackScript, LoopbackServer } from '@swe/testing/servers';
import { openAnthropic } from './open-anthropic';
import { openOpenAi } from './open-openai';
import { openOpenAiCompatible } from './open-openai-compatible';

const REQUEST = {
  system: '',
  tools: [],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello.' }] }],
  maxOutputTokens: 256,
} as const;

interface Vendor {
  openServer(script: LoopbackScript): Promise<LoopbackServer>;
  model(baseUrl: string): LanguageModel;
}
const VENDORS = {
  anthropic: {
    openServer: openLoopbackAnthropic,
    model: (baseUrl) => openAnthropic({ apiKey: 'k', baseUrl, modelId: 'm' }),
  },
  openai: {
    openServer: openLoopbackOpenAi,
    model: (baseUrl) => openOpenAi({ apiKey: 'k', baseUrl, modelId: 'm' }),
  },
  'openai-compatible': {
    openServer: openLoopbackOpenAi,
    model: (baseUrl) => openOpenAiCompatible({ baseUrl, modelId: 'm' }),
  },
} satisfies Record<string, Vendor>;

async function usageOver({ openServer, model }: Vendor, usage: Partial<Usage>): Promise<Usage | undefined> {
  const server = await openServer([{ say: 'Fine.', usage }]);
  const events = await Array.fromAsync(model(server.url).stream(REQUEST, new AbortController().signal));
  await server.close();
  const last = events.at(-1);
  return last?.type === 'finished' ? last.usage : undefined;
}

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
 * Anthropic reports cached tokens beside the input (https://platform.claude.com/docs/en/build-with-claude/prompt-caching),
 * OpenAI within it (https://platform.openai.com/docs/guides/prompt-caching): either way each is paid for once.
 */
describe('a call, from the bytes of its vendor to dollars', () => {
  it.each<[keyof typeof VENDORS, string, Usage, number]>([
    ['anthropic', 'anthropic/claude-sonnet-5-5', used(1_000, 500), 0.007],
    ['anthropic', 'anthropic/claude-sonnet-5-5', used(1_000, 500, 100_000), 0.017],
    ['anthropic', 'anthropic/claude-sonnet-5-5', used(1_000, 500, 100_000, 20_000), 0.067],
    ['anthropic', 'anthropic/claude-haiku-5-5', used(1, 0, 50_000, 50_000), 0.0337505],
    ['openai', 'openai/gpt-6-sol', used(1_000, 500), 0.007],
    ['openai', 'openai/gpt-6-sol', used(1_000, 500, 100_000), 0.027],
    ['openai', 'openai/gpt-6-sol', used(1_000, 500, 100_000, 20_000), 0.077],
    ['openai', 'openai/gpt-6-sol', used(1, 0, 272_000), 0.108804],
    ['openai-compatible', 'openai/gpt-6-sol', used(1_000, 500, 100_000), 0.027],
  ])('of %s at the prices of %s: %j is %d USD', async (vendor, id, usage, usd) => {
    const reported = await usageOver(VENDORS[vendor], usage);
    expect(reported).toEqual(usage);
    expect(costUsd(findModel(BUILT_IN_MODELS, id), reported ?? used(0, 0))).toBeCloseTo(usd, 12);
  });
});
