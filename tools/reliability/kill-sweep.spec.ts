import { describe, expect, it } from '@jest/globals';
import { firstViolation, killSweep, portCallsOfJob, runKilled, waitSweep } from './kill-sweep';
import { PROTECTIONS, wakeTime } from './protection';
import { NO_VIOLATIONS } from './verdict';

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
      'worker ledger',
      'worker processes',
    ]) {
      expect(kinds).toContain(kind);
    }
  });

  it('ends in one answer and one pull request, whoever dies when', async () => {
    const { trials, violations, failures } = await killSweep(['before', 'after', 'in-flight', 'lost'], {
      stride: 20,
    });
    expect(failures).toEqual([]);
    expect(violations).toEqual(NO_VIOLATIONS);
    expect(trials).toBeGreaterThan(45);
  });

  it('writes nothing when it was taken for dead and goes on; only its post under way may double', async () => {
    const { failures } = await killSweep(['freeze'], { stride: 18 });
    for (const { violations } of failures) {
      expect(violations).toEqual({ ...NO_VIOLATIONS, unavoidablyDoubled: 1 });
    }
  });

  it('goes the same way when it is repeated', async () => {
    const point = { index: 60, mishap: 'after' } as const;
    expect(await runKilled(point)).toEqual(await runKilled(point));
  });
});

describe('a job that sleeps until its checks are through', () => {
  it('goes on by itself, whoever dies when', async () => {
    const { trials, failures } = await waitSweep(['before', 'after', 'in-flight', 'lost'], { stride: 60 });
    expect(failures).toEqual([]);
    expect(trials).toBeGreaterThan(40);
  });

  it('does not without a time to wake', async () => {
    const { violations } = await waitSweep(['before'], { stride: 200, without: wakeTime });
    expect(violations.withoutOutcome).toBeGreaterThan(0);
  });
});

describe('without the protection that', () => {
  it.each([
    { without: PROTECTIONS.lookUp, mishap: 'after', kind: 'effectsDoubled' },
    { without: PROTECTIONS.fence, mishap: 'freeze', kind: 'zombieWrites' },
    { without: PROTECTIONS.oneWrite, mishap: 'after', kind: 'unseenAnswers' },
    { without: PROTECTIONS.identity, mishap: 'after', kind: 'withTwoOutcomes' },
    { without: PROTECTIONS.repair, mishap: 'after', kind: 'transcriptsRefused' },
    { without: PROTECTIONS.checkpoints, mishap: 'lost', kind: 'stepsLost' },
    { without: PROTECTIONS.sweeping, mishap: 'after', kind: 'withoutOutcome' },
    { without: PROTECTIONS.estimates, mishap: 'after', kind: 'callsUnsettled' },
  ] as const)('$without.name, the sweep shows it', async ({ without, mishap, kind }) => {
    expect(await firstViolation(mishap, kind, without)).toBeDefined();
  });
});
