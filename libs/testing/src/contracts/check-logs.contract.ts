import { expect } from '@jest/globals';
import type { CheckAnnotation, CheckLogs } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export interface CheckLogsSubject {
  readonly logs: CheckLogs;
  readonly repository: string;
  /** Has a check print `text`, and gives its `logRef`. */
  print(text: string): Promise<string>;
  /** Has a check say these of lines, and gives its `annotationsRef`. */
  annotate(annotations: readonly CheckAnnotation[]): Promise<string>;
  /** The `logRef` of a log that is kept no longer. */
  readonly goneLog: string;
}

const SMALL = 1_000;
/** Of the largest page of any host. */
const PAGE = 100;
const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;

export const checkLogsContract = {
  async 'a log is given as text, without colours, its end whole where it is cut'(subject) {
    const { logs, repository, print } = subject;
    const short = await print(`${red('FAIL')} total.spec.ts\n\u001b[1mExpected: 3\u001b[22m\n`);
    expect(await logs.log(repository, short, SMALL)).toBe('FAIL total.spec.ts\nExpected: 3\n');
    const lines = Array.from({ length: 1_000 }, (_, i) => `line ${i} of größe\n`);
    const long = await print(`${lines.join('')}${red('the end')}\n`);
    const kept = await logs.log(repository, long, SMALL);
    expect(kept.endsWith('line 999 of größe\nthe end\n')).toBe(true);
    expect(kept.length).toBeGreaterThan(SMALL / 2);
    expect(new TextEncoder().encode(kept).length).toBeLessThan(SMALL * 1.2);
    expect(kept).not.toContain('\ufffd');
  },

  async 'a log that is gone, or was never there, is `missing`'({ logs, repository, goneLog }) {
    await expectFault(logs.log(repository, goneLog, SMALL), 'missing');
    await expectFault(logs.log(repository, 'nothing/1', SMALL), 'missing');
    await expectFault(logs.log(`${repository}-unknown`, goneLog, SMALL), 'missing');
  },

  async 'annotations are those of that very check, in its order, as many as there are or are asked for'({
    logs,
    repository,
    annotate,
  }) {
    const levels = ['failure', 'warning', 'notice'] as const;
    const many = Array.from({ length: 2 * PAGE + 1 }, (_, i): CheckAnnotation => {
      return { path: `src/a ${i}.ts`, line: i + 1, level: levels[i % 3] ?? 'notice', message: `wrong ${i}` };
    });
    const ref = await annotate(many);
    await annotate([{ path: 'src/other.ts', line: 1, level: 'failure', message: 'of another check' }]);
    expect(await logs.annotations(repository, ref, many.length + 1)).toEqual(many);
    expect(await logs.annotations(repository, ref, PAGE + 1)).toEqual(many.slice(0, PAGE + 1));
    await expectFault(logs.annotations(repository, 'nothing/1', 1), 'missing');
  },
} satisfies Contract<CheckLogsSubject>;
