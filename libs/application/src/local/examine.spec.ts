import { describe, expect, it } from '@jest/globals';
import { ManualClock, ScriptedLanguageModel } from '@swe/testing/memory';
import { askForAWord, examine } from './examine';
import type { Finding, Probe } from './examine';

const probe = (step: string, look: Probe['look']): Probe => ({ step, advice: `Repair ${step}.`, look });

describe('an examination', () => {
  it('looks at everything, also behind a failure, and says what to do', async () => {
    const findings: Finding[] = [];
    const probes = [
      probe('git', () => Promise.reject(new Error('git was not found.'))),
      probe('folder', async () => '/home/ada/.swe'),
    ];
    expect(await examine(probes, new ManualClock(), (finding) => findings.push(finding))).toBe(false);
    expect(findings).toEqual([
      { step: 'git', ok: false, detail: 'git was not found. Repair git.' },
      { step: 'folder', ok: true, detail: '/home/ada/.swe' },
    ]);
  });

  it('passes over what needs something that fails, also by way of another, and nothing else', async () => {
    const findings: Finding[] = [];
    const looked: string[] = [];
    const step = (name: string, ...needs: readonly string[]): Probe => ({
      ...probe(name, async () => {
        looked.push(name);
        if (name === 'region') throw new Error('There is none.');
        return 'fine';
      }),
      needs,
    });
    const probes = [step('region'), step('table', 'region'), step('stream', 'table'), step('slack')];
    expect(await examine(probes, new ManualClock(), (finding) => findings.push(finding))).toBe(false);
    expect(looked).toEqual(['region', 'slack']);
    expect(findings.filter(({ isPassedOver }) => isPassedOver === true)).toEqual([
      { step: 'table', ok: false, isPassedOver: true, detail: 'needs: region' },
      { step: 'stream', ok: false, isPassedOver: true, detail: 'needs: table' },
    ]);
  });

  it('is not held up by what never answers', async () => {
    const clock = new ManualClock();
    const findings: Finding[] = [];
    const signals: AbortSignal[] = [];
    const hanging = probe('model', (signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    const over = examine([hanging], clock, (finding) => findings.push(finding));
    await clock.advance(30_000);
    expect(await over).toBe(false);
    expect(findings[0]?.detail).toContain('30 seconds');
    expect(signals[0]?.aborted).toBe(true);
    expect(clock.sleeping).toBe(0);
  });

  it('ends at once when it is stopped, and looks at nothing more', async () => {
    const stop = new AbortController();
    const clock = new ManualClock();
    const findings: Finding[] = [];
    const probes = [probe('model', () => new Promise(() => undefined)), probe('git', async () => '2.39')];
    const over = examine(probes, clock, (finding) => findings.push(finding), stop.signal);
    stop.abort();
    await expect(over).rejects.toMatchObject({ kind: 'cancelled' });
    expect([findings, clock.sleeping]).toEqual([[], 0]);
  });

  it('is well when all is', async () => {
    expect(await examine([probe('git', async () => '2.39')], new ManualClock(), () => undefined)).toBe(true);
  });
});

describe('a model that is asked for a word', () => {
  const { signal } = new AbortController();

  it('is there when it answers, whatever it says', async () => {
    expect(await askForAWord(new ScriptedLanguageModel([{ say: 'Yes.' }]), signal)).toBe(
      'scripted/test answers',
    );
  });

  it('is not when it fails, and says why', async () => {
    const model = new ScriptedLanguageModel([{ failure: { kind: 'denied', message: 'no such key' } }]);
    await expect(askForAWord(model, signal)).rejects.toThrow('no such key');
  });
});
