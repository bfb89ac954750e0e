import { expect, it } from '@jest/globals';
import type { JournalEntry, NewJournalEntry, Session } from '@swe/domain';
import { eventsOf, sessionHead, sessionsTable } from './session-view';

const session: Session = {
  id: 'saaaaaaaaaaaaaaaaaaaa',
  revision: 3,
  status: 'waiting',
  origin: 'terminal:1',
  round: 1,
  requester: 'local:ada',
  title: 'Fix the \u001b[31mfare',
  repositories: ['forge://fares'],
  pullRequests: [
    { repository: 'forge://fares', headBranch: 'swe/x', number: 2, url: 'forge://fares/pulls/2' },
  ],
  totals: { steps: 7, usage: { inputTokens: 10, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0 } },
  generation: 0,
  cursor: 1,
  createdAtMs: Date.UTC(2026, 0, 2, 3, 4),
  updatedAtMs: Date.UTC(2026, 0, 2, 3, 5),
};

it('a session is one line of the table, within the columns, and shows no escape sequence', () => {
  const line =
    'saaaaaaaaaaaaaaaaaaaa  2026-01-02 03:04  waiting     7 steps  Fix the fare -> forge://fares/pulls/2';
  expect(sessionsTable([session, session], 200)).toBe(`${line}\n${line}`);
  expect(sessionsTable([session], 50)).toHaveLength(50);
});

it.each([
  [{}, 'waiting '],
  [{ lastTurn: 'answered' }, 'answered'],
  [{ lastTurn: 'failed' }, 'failed  '],
  [{ status: 'working', lastTurn: 'failed' }, 'working '],
] as const)('where a session stands is told by how its last turn ended while it waits: %j', (given, word) => {
  expect(sessionsTable([{ ...session, ...given }], 200)).toContain(`03:04  ${word}    7 steps`);
});

it('a session’s head tells its cost only when it is known', () => {
  expect(sessionHead(session, false, '$0.0123')).toMatch(/cost +\$0\.0123/);
  expect(sessionHead(session, false)).not.toMatch(/cost|\$/);
});

it('a session’s head tells what it is and what came of it', () => {
  const head = sessionHead(session, false);
  for (const words of ['waiting', 'local:ada', 'forge://fares/pulls/2', '10 in, 2 out', 'Fix the fare']) {
    expect(head).toContain(words);
  }
});

it('a journal is seen as its events were', () => {
  const entries: NewJournalEntry[] = [
    {
      atMs: 1,
      kind: 'message-admitted',
      inboxSeq: 1,
      requester: 'local:ada',
      content: [{ type: 'text', text: 'Hi' }],
    },
    { atMs: 2, kind: 'model-call-started', callNumber: 1, model: 'm/1' },
    {
      atMs: 3,
      kind: 'model-call-finished',
      callNumber: 1,
      model: 'm/1',
      stop: 'tool-use',
      durationMs: 5,
      content: [
        { type: 'text', text: 'Looking.' },
        { type: 'tool-call', callId: 'call-1-1', name: 'look', input: {} },
      ],
    },
    { atMs: 4, kind: 'tool-started', callId: 'call-1-1', name: 'look' },
    {
      atMs: 5,
      kind: 'tool-finished',
      callId: 'call-1-1',
      name: 'look',
      content: [],
      isError: false,
      durationMs: 1,
    },
    { atMs: 6, kind: 'state-changed', from: 'working', to: 'waiting', outcome: { kind: 'stopped' } },
  ];
  const events = entries.flatMap((entry, i) => eventsOf({ ...entry, seq: i + 1, v: 1 } as JournalEntry));
  expect(events.map(({ type }) => type)).toEqual([
    'message.admitted',
    'step.started',
    'text.streamed',
    'step.finished',
    'tool.started',
    'tool.finished',
    'turn.finished',
  ]);
});
