import { describe, expect, it, jest } from '@jest/globals';
import { killSweep, MISHAPS, portCallsOfJob, runKilled } from './kill-sweep';
import { PROTECTIONS } from './protection';
import { NO_VIOLATIONS } from './verdict';

jest.setTimeout(60_000);

describe('a job whose process has a mishap at one of its port calls', () => {
  it('enumerates ingress, manager and worker, down to the vendors', async () => {
    const calls = await portCallsOfJob();
    const kinds = new Set(
      calls.map(({ process, port }) => `${process.split('-')[0]?.split('#')[0]} ${port}`),
    );
    for (const kind of [
      'ingress session-store',
      'manager compute',
      'worker journal',
      'worker chat',
      'worker repo-host',
      'worker language-model',
      'worker processes',
    ]) {
      expect(kinds).toContain(kind);
    }
  });

  it('ends in one answer and one pull request, whoever dies when', async () => {
    const { trials, violations, failures } = await killSweep(['before', 'after', 'in-flight'], { stride: 5 });
    expect(failures).toEqual([]);
    expect(violations).toEqual(NO_VIOLATIONS);
    expect(trials).toBeGreaterThan(90);
  });

  it('writes nothing when it was taken for dead and goes on; only its post under way may double', async () => {
    const { failures } = await killSweep(['freeze'], { stride: 3 });
    for (const { violations } of failures) {
      expect(violations).toEqual({ ...NO_VIOLATIONS, effectsDoubled: 1 });
    }
  });

  it('goes the same way when it is repeated', async () => {
    const point = { index: 60, mishap: 'after' } as const;
    expect(await runKilled(point)).toEqual(await runKilled(point));
  });
});

describe('without the protection that', () => {
  it.each([
    [PROTECTIONS.fence, 'zombieWrites'],
    [PROTECTIONS.oneWrite, 'unseenAnswers'],
    [PROTECTIONS.identity, 'withTwoOutcomes'],
    [PROTECTIONS.repair, 'transcriptsRefused'],
    [PROTECTIONS.sweeping, 'withoutOutcome'],
  ] as const)('$name, the sweep shows it', async (without, kind) => {
    const { violations } = await killSweep(MISHAPS, { stride: 3, without });
    expect(violations[kind]).toBeGreaterThan(0);
  });

  it('a post is looked up before it is posted again, the sweep shows it', async () => {
    const { violations } = await killSweep(['after'], { without: PROTECTIONS.lookUp });
    expect(violations.effectsDoubled).toBeGreaterThan(0);
  });
});
