import { describe, expect, it } from '@jest/globals';
import type { InboxItem, JournalEntry, NewJournalEntry } from '@swe/domain';
import { happeningsOf } from './happenings';

type Draft = NewJournalEntry extends infer E ? (E extends NewJournalEntry ? Omit<E, 'atMs'> : never) : never;

/** An entry each 10 ms. */
const journalOf = (drafts: readonly Draft[]): JournalEntry[] =>
  drafts.map((draft, i) => ({ ...draft, atMs: i * 10, seq: i + 1, v: 2 }) as JournalEntry);

const state = (
  from: 'starting' | 'queued' | 'waiting' | 'working' | 'asleep',
  to: Outcomes[0],
  outcome?: Outcomes[1],
) => ({ kind: 'state-changed', from, to, ...(outcome && { outcome }) }) satisfies Draft;
type Changed = Extract<NewJournalEntry, { kind: 'state-changed' }>;
type Outcomes = [Changed['to'], Changed['outcome']];

const admitted = (inboxSeq: number): Draft => ({
  kind: 'message-admitted',
  inboxSeq,
  requester: 'local:ada',
  content: [],
});
const asked: Draft = { kind: 'model-call-started', callNumber: 1, model: 'a/b' };
const answered = (stop: 'end-turn' | 'tool-use' | 'cancelled'): Draft => ({
  kind: 'model-call-finished',
  callNumber: 1,
  model: 'a/b',
  content: [],
  stop,
  durationMs: 0,
});
const begun: Draft = { kind: 'tool-started', callId: 'c', name: 'bash' };
const ended = (durationMs = 5): Draft => ({
  kind: 'tool-finished',
  callId: 'c',
  name: 'bash',
  content: [],
  isError: false,
  durationMs,
});

const item = (seq: number, receivedAtMs: number, body: InboxItem['body'] = WORDS): InboxItem => ({
  seq,
  revision: 0,
  messageKey: `m${seq}`,
  requester: 'local:ada',
  body,
  receivedAtMs,
});
const WORDS = { kind: 'text', text: 'Go.' } as const;
const STOP = { kind: 'command', command: 'stop' } as const;

/** Each happening in a word, with the messages that it brings. */
function told(drafts: readonly Draft[], inbox: readonly InboxItem[]): readonly string[] {
  return happeningsOf(journalOf(drafts), inbox).map((happening) => {
    if (happening.what === 'message-arrived') return `message ${happening.item.seq}`;
    if (happening.what === 'others-wrote') return `others wrote ${happening.count}`;
    if (happening.what !== 'process-started') return happening.what;
    return ['started', ...happening.found.map(({ seq }) => seq)].join(' ');
  });
}

const BEGIN = [state('starting', 'waiting'), state('waiting', 'working'), admitted(1), asked];
const STOPPED = state('working', 'waiting', { kind: 'stopped' });

describe('what came to a session from outside', () => {
  it('begins with a process that finds the first message', () => {
    expect(told([...BEGIN, answered('end-turn')], [item(1, -5)])).toEqual(['started 1', 'model-answered']);
  });

  it('is a message before the step whose end it was taken up at, however long before it was received', () => {
    const drafts = [...BEGIN, answered('tool-use'), begun, ended(), admitted(2), asked];
    expect(told(drafts, [item(1, -5), item(2, 0)])).toEqual([
      'started 1',
      'model-answered',
      'message 2',
      'tool-finished',
    ]);
  });

  it('is a stop behind what it stopped, also when it was heard late', () => {
    const drafts = [...BEGIN, answered('tool-use'), begun, ended(), STOPPED];
    expect(told(drafts, [item(1, -5), item(2, 35, STOP)])).toEqual([
      'started 1',
      'model-answered',
      'message 2',
      'tool-finished',
    ]);
  });

  it('is a command behind the end of a turn that it came too late for', () => {
    const failed = state('working', 'waiting', { kind: 'failed', cause: 'Refused.' });
    const drafts = [...BEGIN, answered('end-turn'), failed];
    expect(told(drafts, [item(1, -5), item(2, 35, STOP)])).toEqual([
      'started 1',
      'model-answered',
      'message 2',
    ]);
  });

  it('is another process where the status was changed by somebody else', () => {
    const drafts = [...BEGIN, state('starting', 'waiting'), state('waiting', 'working'), admitted(2)];
    expect(told(drafts, [item(1, -5), item(2, 35)])).toEqual(['started 1', 'started 2']);
  });

  it('is a wait while a tool has no result', () => {
    const wait: Draft = { kind: 'wait-until', wakeAtMs: 1_000, reason: 'checks' };
    const drafts = [...BEGIN, answered('tool-use'), begun, wait, state('working', 'waiting'), ended()];
    expect(told(drafts, [item(1, -5)])).toEqual([
      'started 1',
      'model-answered',
      'tools-waited',
      'tool-finished',
    ]);
  });

  it('is no wait while no model answers', () => {
    const park: Draft = { kind: 'wait-until', wakeAtMs: 1_000, reason: 'overloaded' };
    expect(told([...BEGIN, park, state('working', 'queued')], [item(1, -5)])).toEqual(['started 1']);
  });

  it('is what a manager wrote of a turn that was put down', () => {
    const drafts = [...BEGIN, answered('tool-use'), begun, state('working', 'waiting')];
    const others = [ended(0), state('waiting', 'waiting', { kind: 'stopped' })];
    expect(told([...drafts, ...others], [item(1, -5)])).toEqual([
      'started 1',
      'model-answered',
      'others wrote 2',
    ]);
  });
});
