import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { text, toNanoUsd } from '@swe/domain';
import type { ModelFacts, ModelRequest } from '@swe/domain';
import { openLoopbackOpenAi } from '@swe/testing/servers';
import { openModels, readChoice, readCosts, readSpending } from './models';

const nobody = { apiKey: undefined, baseUrl: undefined };
const access = {
  catalog: undefined,
  anthropic: nobody,
  openai: nobody,
  compatibleUrl: undefined,
  awsRegion: undefined,
};
const usage = { inputTokens: 1_000_000, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

const OWN: Omit<ModelFacts, 'imageLimits' | 'thinking'> = {
  id: 'openai-compatible/own',
  contextTokens: 100_000,
  maxOutputTokens: 1,
  prices: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  seesImages: false,
  source: 'mine',
  checkedOn: '2026-01-01',
};

async function withCatalog(facts: readonly object[], use: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'swe-catalog-'));
  try {
    const path = join(folder, 'models.json');
    await writeFile(path, JSON.stringify(facts));
    await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the cost of a call', () => {
  it('is known for models of the catalogue, and undefined for others', async () => {
    const costOf = await readCosts(access);
    expect(costOf('anthropic/claude-opus-5', usage)).toBeCloseTo(5);
    expect(costOf('rehearsal/fix-failing-test', usage)).toBe(0);
    expect(costOf('openai-compatible/own', usage)).toBeUndefined();
  });

  it('follows the person’s own catalogue', async () => {
    await withCatalog([{ ...OWN, prices: { ...OWN.prices, input: 3 } }], async (catalog) => {
      const costOf = await readCosts({ ...access, catalog });
      expect(costOf('openai-compatible/own', usage)).toBeCloseTo(3);
    });
  });
});

describe('what agents spend by', () => {
  it('is the prices of the person’s own catalogue, and what a session may spend', async () => {
    await withCatalog([{ ...OWN, prices: { ...OWN.prices, input: 3 } }], async (catalog) => {
      const { priceOf, capNanoUsd, monthly } = await readSpending(
        { ...access, catalog },
        { budgetUsd: 2.5, monthlyUsd: { all: 100, requester: undefined, repository: undefined } },
      );
      expect(monthly?.all).toBe(toNanoUsd(100));
      expect(capNanoUsd).toBe(toNanoUsd(2.5));
      expect(priceOf('openai-compatible/own')?.prices.input).toBe(3);
      expect(priceOf('openai-compatible/other')?.prices.input).toBe(0);
      expect(priceOf('anthropic/claude-next')).toBeUndefined();
    });
  });
});

describe('what can be chosen', () => {
  it('is of whom there is a key, an address or a region for, beside what is set', async () => {
    const reach = { ...access, openai: { ...nobody, apiKey: 'k' }, awsRegion: 'us-west-2' };
    expect(await readChoice(' openai/a, bedrock/b', reach)).toMatchObject({
      models: ['openai/a', 'bedrock/b'],
      providers: ['rehearsal', 'openai', 'bedrock'],
    });
    expect(await readChoice(undefined, access)).toMatchObject({ models: [], providers: ['rehearsal'] });
  });
});

describe('models', () => {
  const image = { type: 'image', mediaType: 'image/png', data: 'aGk=' } as const;
  const request: ModelRequest = {
    system: 'S',
    tools: [],
    messages: [{ role: 'user', content: [text('Look.'), image] }],
    maxOutputTokens: 32_768,
  };

  /** What the second model of the list is asked. */
  async function askedOfSecond(catalog: string | undefined) {
    const server = await openLoopbackOpenAi([{ say: 'Fine.' }]);
    const list = 'rehearsal/fix-failing-test, openai-compatible/own';
    const { models } = await openModels(list, { ...access, catalog, compatibleUrl: server.url });
    await Array.fromAsync(models[1]?.stream(request, new AbortController().signal) ?? []);
    await server.close();
    return JSON.stringify(server.requests[0]?.body);
  }

  it('of a server of one’s own, unknown to any catalogue, are asked for what most can do', async () => {
    const asked = await askedOfSecond(undefined);
    expect(asked).toContain('"max_tokens":8192');
    expect(asked).toContain('you cannot see such files');
    expect(asked).not.toContain('image_url');
  });

  it('are asked for what the person’s own catalogue says', async () => {
    await withCatalog([{ ...OWN, maxOutputTokens: 5_000, seesImages: true }], async (catalog) => {
      const asked = await askedOfSecond(catalog);
      expect(asked).toContain('"max_tokens":5000');
      expect(asked).toContain('image_url');
    });
  });

  it('of a list get pictures that all of them take', async () => {
    const imageLimits = { maxBytes: 1_000_000, maxSidePixels: 4_000 };
    await withCatalog([{ ...OWN, seesImages: true, imageLimits }], async (catalog) => {
      const reach = {
        ...access,
        catalog,
        anthropic: { ...nobody, apiKey: 'k' },
        compatibleUrl: 'http://127.0.0.1/v1',
      };
      const list = 'anthropic/claude-opus-5,openai-compatible/own';
      expect((await openModels(list, reach)).imageLimits).toEqual({
        maxBytes: 1_000_000,
        maxSidePixels: 2_000,
      });
    });
  });

  it('beside the list are opened by their id, as those in it, and once', async () => {
    const reach = { ...access, awsRegion: 'eu-west-1' };
    const { openModel } = await openModels('rehearsal/fix-failing-test', reach);
    const opened = await openModel('bedrock/anthropic.claude-opus-5-5');
    expect(opened.id).toBe('bedrock/eu.anthropic.claude-opus-5-5');
    expect(await openModel('bedrock/anthropic.claude-opus-5-5')).toBe(opened);
    await expect(openModel('anthropic/claude-opus-5')).rejects.toThrow(/ANTHROPIC_API_KEY/);
    await expect(openModel('anthropic/claude-next')).rejects.toThrow(/not known/);
  });

  it('on Bedrock are asked through the profile of their region, one region after the other', async () => {
    const list =
      'bedrock/anthropic.claude-opus-5-5,bedrock/anthropic.claude-opus-5-5@eu-west-1,bedrock/global.anthropic.claude-opus-5-5@ap-south-1';
    const { models } = await openModels(list, { ...access, awsRegion: 'us-west-2' });
    expect(models.map(({ id }) => id)).toEqual([
      'bedrock/us.anthropic.claude-opus-5-5',
      'bedrock/eu.anthropic.claude-opus-5-5@eu-west-1',
      'bedrock/global.anthropic.claude-opus-5-5@ap-south-1',
    ]);
    const costOf = await readCosts(access);
    expect(models.map(({ id }) => costOf(id, usage))).toEqual([4.4, 4.4, 4]);
  });

  it('on Bedrock need a region, and a name that is known', async () => {
    await expect(openModels('bedrock/anthropic.claude-opus-5-5', access)).rejects.toThrow(/AWS_REGION/);
    await expect(openModels('bedrock/anthropic.claude-opus-55@us-west-2', access)).rejects.toThrow(
      /Close to it: .*claude-opus-5-5/,
    );
  });

  it('that are unknown are an error that lists close names', async () => {
    await expect(openModels('anthropic/claude-opus-55', access)).rejects.toThrow(
      /Close to it: .*claude-opus-5-5/,
    );
  });
});
