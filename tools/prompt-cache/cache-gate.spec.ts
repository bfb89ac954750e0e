import { describe, expect, it } from '@jest/globals';
import { contentBytes } from '@swe/domain';
import { cacheVerdict } from './cache-gate';
import { recordSession, VENDORS } from './record-session';
import type { RecordingOptions } from './record-session';
import { longJob, loudJob } from './session-plan';

/** Its conversations are made shorter from 100,000 tokens on. */
const CONTEXT_OF_100K = 144_000;

/** All of them where there is time. */
const vendors = process.env['SWE_TEST_FULL'] === '1' ? VENDORS : VENDORS.slice(0, 1);

describe.each(vendors)('a long session on %s', (vendor) => {
  it('reads 97 % of its input from the cache over 200 steps that all fit', async () => {
    const verdict = cacheVerdict(await recordSession(vendor, { steps: longJob(200) }));
    expect(verdict).toMatchObject({ brokenSteps: [], compactions: 0 });
    expect(verdict.readShare).toBeGreaterThanOrEqual(0.97);
  });

  it('reads 90 % of it where 100,000 tokens are the limit, and breaks its prefix at compactions alone', async () => {
    const recording = await recordSession(vendor, {
      steps: longJob(240, 0.03),
      contextTokens: CONTEXT_OF_100K,
    });
    const verdict = cacheVerdict(recording);
    expect(verdict.brokenSteps).toEqual([]);
    expect(verdict.compactions).toBeGreaterThan(0);
    expect(verdict.readShare).toBeGreaterThanOrEqual(0.9);
  });

  it('pays for 100 outputs of 50 KB what 600,000 tokens cost, and never breaks its prefix', async () => {
    const verdict = cacheVerdict(await recordSession(vendor, { steps: loudJob(100, 50_000) }));
    expect(verdict).toMatchObject({ brokenSteps: [], compactions: 0 });
    expect(verdict.baseTokens).toBeLessThanOrEqual(600_000);
  });
});

describe('an output of 400 KB', () => {
  it('adds 5 KB to the conversation at most, and all of it stays to be read', async () => {
    const steps = loudJob(1, 400_000);
    const { entries, workspace } = await recordSession('anthropic', { steps });
    const results = entries.flatMap((entry) => (entry.kind === 'tool-finished' ? [entry.content] : []));
    expect(contentBytes(results[0] ?? [])).toBeLessThan(5_000);
    const { totalBytes } = await workspace.read('.swe/output/call-1-1.log', { offset: 0, length: 0 });
    expect(totalBytes).toBe(400_000);
  });
});

describe('the gate fails, and the agent warns,', () => {
  const judged = async (tamper: RecordingOptions['tamper']) => {
    const recording = await recordSession('anthropic', { steps: longJob(12), ...(tamper && { tamper }) });
    return { ...cacheVerdict(recording), warnings: recording.warnings };
  };

  it('over a time in the system prompt', async () => {
    const { brokenSteps, warnings } = await judged((request, nowMs) => ({
      ...request,
      system: `${request.system}It is ${nowMs}.`,
    }));
    expect(brokenSteps).toEqual(Array.from({ length: 12 }, (_, i) => i + 2));
    expect(warnings).toEqual(['cache.missed']);
  });

  it('over messages that go without a word in the journal', async () => {
    const { brokenSteps, warnings } = await judged((request) => {
      const [task, ...steps] = request.messages;
      return { ...request, messages: task === undefined ? [] : [task, ...steps.slice(-6)] };
    });
    expect(brokenSteps.length).toBeGreaterThan(6);
    expect(warnings).toEqual(['cache.missed']);
  });

  it('over nothing else', async () => {
    expect(await judged(undefined)).toMatchObject({ brokenSteps: [], warnings: [] });
  });
});
