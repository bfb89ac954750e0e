import { describe, expect, it } from '@jest/globals';
import { JOURNAL_VERSION, text } from '@swe/domain';
import type { JournalEntry, NewJournalEntry } from '@swe/domain';
import { replacementOf } from './work-so-far';

type Unstamped<E> = E extends unknown ? Omit<E, 'atMs'> : never;

const journal = (...facts: readonly Unstamped<NewJournalEntry>[]): JournalEntry[] =>
  facts.map((fact, i) => ({ ...fact, atMs: i, seq: i + 1, v: JOURNAL_VERSION }));

let calls = 0;
/** A call with its result. */
function step(name: string, input: object, result: object = {}): readonly Unstamped<NewJournalEntry>[] {
  const callId = `c${++calls}`;
  const call = { type: 'tool-call' as const, callId, name, input: { ...input } };
  return [
    {
      ...{ kind: 'model-call-finished', callNumber: 1, model: 'm', stop: 'tool-use', durationMs: 1 },
      content: [call],
    },
    {
      ...{ kind: 'tool-finished', callId, name, isError: false, durationMs: 1 },
      content: [text('done')],
      ...result,
    },
  ];
}

const ran = (command: string, exitCode = 0) => ({ ran: { command, cwd: '/w', exitCode } });
const recordOf = (facts: readonly Unstamped<NewJournalEntry>[], roomBytes = 20_000): string =>
  replacementOf(journal(...facts), undefined, roomBytes)[0] ?? '';

describe('the record of a session', () => {
  it('has what others can see of the work, rules, questions, files and commands, copied', () => {
    const record = recordOf([
      { kind: 'effect-intended', effectKey: 'pr', what: 'open the pull request' },
      { kind: 'effect-done', effectKey: 'pr', receipt: { url: 'https://example.com/pull/1' } },
      { kind: 'effect-intended', effectKey: 'c', what: 'comment on it' },
      ...step('read_file', { path: 'a.ts' }, { rules: [{ path: 'AGENTS.md', text: 'Rules: no tabs.' }] }),
      ...step('ask_user', { question: 'Cents or dollars?' }),
      ...step('write_file', { path: 'src/fare.ts' }),
      ...step('write_file', { path: 'src/failed.ts' }, { isError: true }),
      ...step('bash', {}, ran('npm test', 1)),
      ...step('bash', {}, ran('npm test')),
    ]);
    for (const line of [
      '- open the pull request: {"url":"https://example.com/pull/1"}',
      '- comment on it (begun; whether it was done is not known: look first)',
      '- Rules: no tabs.',
      '- Cents or dollars?',
      '- src/fare.ts',
      '- exit 0 in /w: npm test',
    ]) {
      expect(record).toContain(`\n${line}`);
    }
    expect(record).not.toMatch(/failed\.ts|exit 1/);
  });

  it('keeps to its room, with the newest commands and how many more there were', () => {
    const commands = Array.from({ length: 500 }, (_, n) => step('bash', {}, ran(`./step-${n}`))).flat();
    const record = recordOf(commands, 3_000);
    expect(Buffer.byteLength(record)).toBeLessThanOrEqual(3_000);
    expect(record).toMatch(/\(\d+ more, older or longer\)[^]*step-499$/);
  });
});
