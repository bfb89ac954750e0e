import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCosts } from './open-models';

const nobody = { apiKey: undefined, baseUrl: undefined };
const access = { catalog: undefined, anthropic: nobody, openai: nobody, compatibleUrl: undefined };
const usage = { inputTokens: 1_000_000, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

describe('the cost of a call', () => {
  it('is known for models of the catalogue, and undefined for others', async () => {
    const costOf = await readCosts(access);
    expect(costOf('anthropic/claude-opus-5', usage)).toBeCloseTo(5);
    expect(costOf('rehearsal/fix-failing-test', usage)).toBe(0);
    expect(costOf('openai-compatible/own', usage)).toBeUndefined();
  });

  it('follows the person’s own catalogue', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'swe-catalog-'));
    const catalog = join(folder, 'models.json');
    const facts = {
      id: 'openai-compatible/own',
      contextTokens: 1,
      maxOutputTokens: 1,
      prices: { input: 3, output: 0, cacheRead: 0, cacheWrite: 0 },
      seesImages: false,
      source: 'mine',
      checkedOn: '2026-01-01',
    };
    await writeFile(catalog, JSON.stringify([facts]));
    const costOf = await readCosts({ ...access, catalog });
    await rm(folder, { recursive: true });
    expect(costOf('openai-compatible/own', usage)).toBeCloseTo(3);
  });
});
