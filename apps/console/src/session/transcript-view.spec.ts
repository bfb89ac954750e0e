import { expect, it } from '@jest/globals';
import type { LiveEvent, SessionEvent } from '@swe/domain/api';
import { totalsOf } from './timeline-view';
import { TranscriptBuilder } from './transcript-view';

const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const USAGE = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };

const asked: SessionEvent = {
  seq: 1,
  at: at(1),
  type: 'message.admitted',
  message: 1,
  requester: 'local:ada',
  said: { text: 'Fix it.', leftOut: 0 },
};
const stepped: SessionEvent = {
  seq: 2,
  at: at(2),
  type: 'step.finished',
  step: 1,
  stop: 'tool-use',
  text: 'I look.',
  usage: USAGE,
  durationMs: 700,
  calls: [
    { callId: 'a', name: 'bash', input: { command: 'npm test' } },
    { callId: 'b', name: 'todo', input: { items: [{ text: 'Look', status: 'doing' }] } },
  ],
};
const failed: SessionEvent = {
  seq: 3,
  at: at(3),
  type: 'tool.finished',
  callId: 'a',
  name: 'bash',
  isError: false,
  durationMs: 300,
  command: 'npm test',
  exitCode: 1,
  output: { text: '1 failed', leftOut: 0 },
};

it('shows a call where it was made, and its result once it is there', () => {
  const builder = new TranscriptBuilder();
  const before = builder.add([asked, stepped]);
  expect(before.rows.map(({ kind, key }) => [kind, key])).toEqual([
    ['message', '1'],
    ['step', '2'],
    ['call', '2/a'],
    ['call', '2/b'],
  ]);
  const after = builder.add([failed]);
  expect(before.rows[2]).not.toHaveProperty('call.result');
  expect(after.rows[2]).toMatchObject({
    key: '2/a',
    call: { name: 'bash', input: { command: 'npm test' }, result: { exitCode: 1, isError: false } },
  });
  expect(after).toMatchObject({
    plan: [{ text: 'Look', status: 'doing' }],
    commands: [{ callId: 'a' }],
    spans: [
      { doing: 'model', name: '1', fromMs: 1_300, toMs: 2_000 },
      { doing: 'tool', name: 'bash', fromMs: 2_700, toMs: 3_000 },
    ],
  });
});

it('shows a result whose call it never saw', () => {
  const { rows } = new TranscriptBuilder().add([failed]);
  expect(rows).toMatchObject([
    { kind: 'call', call: { name: 'bash', input: null, result: { exitCode: 1 } } },
  ]);
});

it('says an answer once, and counts how long it waited', () => {
  const answer = (seq: number, text: string): SessionEvent => ({
    seq,
    at: at(seq),
    type: 'status.changed',
    from: 'working',
    to: 'waiting',
    outcome: { kind: 'answered', text, asksBack: false },
  });
  const { rows, spans } = new TranscriptBuilder().add([
    { ...stepped, calls: [] },
    answer(5, 'I look.\n'),
    { seq: 9, at: at(9), type: 'status.changed', from: 'waiting', to: 'working' },
    answer(10, 'Something else.'),
  ]);
  expect(rows.flatMap((row) => (row.kind === 'outcome' ? [row.isSaid] : []))).toEqual([true, false]);
  expect(totalsOf(spans)).toEqual({ model: 700, tool: 0, waiting: 4_000 });
});

it('shows what is under way until an event says it, also where that is told before the call', () => {
  const live = (changes: Partial<LiveEvent>): LiveEvent => ({ type: 'live', running: [], ...changes });
  const words = live({ step: { step: 1, text: 'I lo' } });
  const printed = live({ running: [{ callId: 'a', output: 'ok 1' }] });
  const builder = new TranscriptBuilder();
  expect(builder.add([asked, words]).rows.at(-1)).toMatchObject({ kind: 'words', step: 1, text: 'I lo' });
  const early = builder.add([printed]).rows;
  expect(early.map(({ kind }) => kind)).toEqual(['message']);
  const running = builder.add([stepped]).rows;
  expect(running.map(({ kind }) => kind)).toEqual(['message', 'step', 'call', 'call']);
  expect(running[2]).toMatchObject({ call: { callId: 'a', printed: 'ok 1' } });
  const after = builder.add([failed, words]).rows;
  expect(after[2]).not.toHaveProperty('call.printed');
  expect(after.map(({ kind }) => kind)).toEqual(['message', 'step', 'call', 'call']);
});

it('shows nothing as under way once work has ended', () => {
  const { rows } = new TranscriptBuilder().add([
    { type: 'live', step: { step: 2, text: 'I' }, running: [] },
    { seq: 1, at: at(1), type: 'status.changed', from: 'working', to: 'waiting' },
  ]);
  expect(rows).toEqual([]);
});
