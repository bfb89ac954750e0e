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
const cut = { fromSeq: 1, toSeq: 1_000, roomBytes: 20_000, rulesBytes: 10_000 };
const recordOf = (facts: readonly Unstamped<NewJournalEntry>[], roomBytes = 20_000): string =>
  replacementOf(journal(...facts), { ...cut, roomBytes }, undefined)[0] ?? '';

describe('the record of a session', () => {
  it('has what others can see of the work, questions, files and commands, copied', () => {
    const record = recordOf([
      { kind: 'effect-intended', effectKey: 'pr', what: 'open the pull request' },
      { kind: 'effect-done', effectKey: 'pr', receipt: { url: 'https://example.com/pull/1' } },
      { kind: 'effect-intended', effectKey: 'c', what: 'comment on it' },
      ...step('read_file', { path: 'a.ts' }),
      ...step('ask_user', { question: 'Cents or dollars?' }),
      ...step('write_file', { path: 'src/fare.ts' }),
      ...step('write_file', { path: 'src/failed.ts' }, { isError: true }),
      ...step('bash', {}, ran('npm test', 1)),
      ...step('bash', {}, ran('npm test')),
    ]);
    for (const line of [
      '- open the pull request: {"url":"https://example.com/pull/1"}',
      '- comment on it (begun; whether it was done is not known: look first)',
      '- Cents or dollars?',
      '- src/fare.ts',
      '- exit 0 in /w: npm test',
    ]) {
      expect(record).toContain(`\n${line}`);
    }
    expect(record).not.toMatch(/failed\.ts|exit 1/);
  });

  it('has the rules that came with its steps behind it, word for word', () => {
    const rule = (path: string, words: string) =>
      step('read_file', { path }, { rules: [{ path, text: words }] });
    const long = `No tabs. ${'x'.repeat(9_000)}`;
    const facts = [
      ...rule('AGENTS.md', 'Of the beginning, which stays.'),
      ...rule('a/AGENTS.md', long),
      ...rule('b/AGENTS.md', 'y'.repeat(2_000)),
      ...rule('c/AGENTS.md', 'Small steps.'),
      ...rule('d/AGENTS.md', ''),
      ...rule('e/AGENTS.md', 'Of the end, which stays.'),
    ];
    const [record, ...rules] = replacementOf(
      journal(...facts),
      { ...cut, fromSeq: 3, toSeq: 10 },
      'In short.',
    );
    expect(rules).toEqual([long, 'Small steps.', expect.stringContaining('In short.')]);
    expect(record).toMatch(/Rule files left out: read them again[^]*\n- b\/AGENTS\.md$/);
  });

  it('has rules that changed among its steps as they were told last', () => {
    const rule = (words: string) =>
      step('read_file', { path: 'a' }, { rules: [{ path: 'AGENTS.md', text: words }] });
    const facts = [...rule('Tabs.'), ...rule('No tabs.')];
    expect(replacementOf(journal(...facts), cut, 'In short.').slice(1)).toEqual([
      'No tabs.',
      expect.stringContaining('In short.'),
    ]);
  });

  it('keeps to its room, with the newest commands and how many more there were', () => {
    const commands = Array.from({ length: 500 }, (_, n) => step('bash', {}, ran(`./step-${n}`))).flat();
    const record = recordOf(commands, 3_000);
    expect(Buffer.byteLength(record)).toBeLessThanOrEqual(3_000);
    expect(record).toMatch(/\(\d+ more, older or longer\)[^]*step-499$/);
  });
});
