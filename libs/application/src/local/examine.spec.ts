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
