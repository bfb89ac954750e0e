import { describe, expect, it } from '@jest/globals';
import { noUsage, text } from '@swe/domain';
import type { JsonObject, NewJournalEntry } from '@swe/domain';
import { createProgress } from './progress';

const message = (atMs: number): NewJournalEntry => ({
  kind: 'message-admitted',
  atMs,
  inboxSeq: 1,
  requester: 'local:ada',
  content: [text('Go.')],
});
const ended = (atMs: number): NewJournalEntry => ({
  kind: 'state-changed',
  atMs,
  from: 'working',
  to: 'waiting',
  outcome: { kind: 'stopped' },
});
const answer = (...calls: readonly (readonly [callId: string, name: string, input?: JsonObject])[]) => ({
  kind: 'model-call-finished' as const,
  atMs: 0,
  callNumber: 1,
  model: 'rehearsal/x',
  content: calls.map(([callId, name, input = {}]) => ({ type: 'tool-call' as const, callId, name, input })),
  stop: 'tool-use' as const,
  usage: noUsage,
  durationMs: 0,
});
const started = (callId: string): NewJournalEntry => ({ kind: 'tool-started', atMs: 0, callId, name: 'x' });
const finished = (callId: string, isError = false): NewJournalEntry => ({
  ...{ kind: 'tool-finished', atMs: 0, callId, name: 'x', content: [], durationMs: 0 },
  isError,
});
const plan = (...statuses: readonly string[]) => ({
  items: statuses.map((status) => ({ text: 'Do it', status })),
});

function after(...entries: readonly NewJournalEntry[]) {
  const progress = createProgress();
  entries.forEach((entry) => progress.add(entry));
  return progress;
}

describe('the tool calls under way', () => {
  const names = (...entries: readonly NewJournalEntry[]) => after(...entries).running.map(({ name }) => name);
  const both = answer(['a', 'bash'], ['b', 'todo']);

  it.each([
    ['have begun', [both, started('a')], ['bash']],
    ['have not ended', [both, started('a'), started('b'), finished('a')], ['todo']],
    ['begin again once a machine has died', [both, started('a'), started('a')], ['bash']],
    ['ended with their turn', [message(0), both, started('a'), ended(1)], []],
  ])('%s', (_what, entries, expected) => {
    expect(names(...entries)).toEqual(expected);
  });
});

describe('the plan', () => {
  const statuses = (...entries: readonly NewJournalEntry[]) =>
    after(...entries).plan.map(({ status }) => status);
  const planned = (...written: readonly string[]) => answer(['a', 'todo', plan(...written)]);

  it.each([
    [
      'is that of the last `todo`',
      [planned('open'), finished('a'), planned('done'), finished('a')],
      ['done'],
    ],
    [
      'outlives other tools',
      [planned('open'), finished('a'), answer(['a', 'bash']), finished('a')],
      ['open'],
    ],
    ['is not one that was refused', [planned('doing', 'doing'), finished('a', true)], []],
    [
      'goes on in the next turn',
      [message(0), planned('open'), finished('a'), ended(1), message(2)],
      ['open'],
    ],
    ['is over with what it was for', [message(0), planned('done'), finished('a'), ended(1), message(2)], []],
  ])('%s', (_what, entries, expected) => {
    expect(statuses(...entries)).toEqual(expected);
  });
});

it.each([
  ['nothing before the first turn', [], 0],
  ['from the first message on', [message(1_000), message(5_000)], 9_000],
  ['until the end', [message(1_000), ended(4_000)], 3_000],
  ['anew with the next turn', [message(1_000), ended(4_000), message(8_000)], 2_000],
])('time is counted: %s', (_what, entries, expected) => {
  expect(after(...entries).elapsedMs(10_000)).toBe(expected);
});
