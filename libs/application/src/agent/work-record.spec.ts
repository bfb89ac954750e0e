import { expect, it } from '@jest/globals';
import type { MessageCause, NewJournalEntry, RanCommand } from '@swe/domain';
import { createWorkRecord, pushKey } from './work-record';

const admitted = (cause?: MessageCause): NewJournalEntry => ({
  kind: 'message-admitted',
  atMs: 0,
  inboxSeq: 1,
  requester: 'slack:T/U',
  content: [],
  ...(cause !== undefined && { cause }),
});
const finished = (ran?: RanCommand): NewJournalEntry => ({
  kind: 'tool-finished',
  atMs: 0,
  callId: 'c',
  name: 'bash',
  content: [],
  isError: false,
  durationMs: 0,
  ...(ran !== undefined && { ran }),
});

it.each<[string, readonly (MessageCause | undefined)[], boolean]>([
  ['nothing yet', [], false],
  ['a person’s words', [undefined], false],
  ['failed checks', [undefined, 'checks'], true],
  ['failed checks twice', ['checks', 'checks'], true],
  ['failed checks, then a program', ['checks', 'program'], true],
  ['failed checks, then a person', ['checks', undefined], false],
  ['failed checks, a person, failed checks', ['checks', undefined, 'checks'], true],
  ['a program', ['program'], false],
])('%s: whether it is a repair', (_name, causes, isRepair) => {
  const record = createWorkRecord();
  causes.forEach((cause) => record.add(admitted(cause)));
  expect(record.isRepair).toBe(isRepair);
});

it('keeps the commands that held checks', () => {
  const record = createWorkRecord();
  const check = { command: 'npm test', cwd: '/w', exitCode: 0, workingCopy: '/w/shop' };
  record.add(finished());
  record.add(finished({ command: 'ls', cwd: '/w', exitCode: 0 }));
  record.add(finished(check));
  expect(record.checks).toEqual([check]);
});

it('keeps what a tool pushed, and takes nothing else for it', () => {
  const record = createWorkRecord();
  const head = 'c'.repeat(40);
  const done = (effectKey: string): NewJournalEntry => ({
    kind: 'effect-done',
    atMs: 0,
    effectKey,
    receipt: {},
  });
  for (const key of [pushKey('s1', head), `s1/pull-request/${head}`, pushKey('s1', 'nothing')])
    record.add(done(key));
  expect(record.pushedCommits).toEqual([head]);
});
