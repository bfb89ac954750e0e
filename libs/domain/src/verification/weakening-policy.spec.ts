import { describe, expect, it } from '@jest/globals';
import type { DiffFinding } from './diff-findings';
import { weakeningOf } from './weakening-policy';

const skipped = (path: string): DiffFinding => ({ kind: 'tests-skipped', path, count: 1 });

describe('how a change makes checks say less', () => {
  it.each<[string, Parameters<typeof weakeningOf>[0], readonly string[]]>([
    ['not at all', { findings: [], isCut: false }, []],
    [
      'not by what a repair often is',
      { findings: [{ kind: 'tests-edited', path: 'a.spec.ts' }], isCut: false },
      [],
    ],
    [
      'by tests and workflows',
      { findings: [skipped('a.spec.ts'), { kind: 'workflow', path: 'Jenkinsfile' }], isCut: false },
      ['tests skipped or left out: `a.spec.ts` (1)', 'workflow changed: `Jenkinsfile`'],
    ],
    ['perhaps, where not all is seen', { findings: [], isCut: true }, ['more than could be looked through']],
  ])('%s', (_name, change, lines) => {
    expect(weakeningOf(change)).toEqual(lines);
  });

  it('of many the first are told, and how many there are more', () => {
    const findings = Array.from({ length: 15 }, (_, at) => skipped(`${at}.spec.ts`));
    const lines = weakeningOf({ findings, isCut: false });
    expect(lines).toHaveLength(13);
    expect(lines.at(-1)).toBe('and 3 more');
  });
});
