import { describe, expect, it } from '@jest/globals';
import type { AgentEvent } from '@swe/domain';
import { ManualClock } from '@swe/testing/memory';
import { activityAfter, IDLE } from './activity';
import { footerOf, statusOf } from './footer';
import { widthOf } from './width';

const nobody = { before: '', after: '', pasted: 0 };
const startTool = (callId: string, name: string): AgentEvent => ({
  type: 'tool.started',
  callId,
  name,
  input: {},
});
const endTool = (callId: string): AgentEvent => ({
  type: 'tool.finished',
  callId,
  name: 'x',
  content: [],
  isError: false,
  durationMs: 1,
});
const startStep: AgentEvent = { type: 'step.started', step: 1, callNumber: 1, model: 'm/1' };
const endStep: AgentEvent = { type: 'step.finished', step: 1, stop: 'tool-use', durationMs: 1 };
const asked: AgentEvent = {
  type: 'turn.finished',
  outcome: { kind: 'answered', replyKey: 'k', asksBack: true },
};

function after(events: readonly AgentEvent[], said: readonly string[] = []) {
  const clock = new ManualClock();
  return events.reduce((activity, event) => activityAfter(activity, event, clock), { ...IDLE, unread: said });
}

describe('the status line', () => {
  it.each<[string, readonly AgentEvent[], number, string | undefined]>([
    ['nothing runs', [], 0, undefined],
    ['a model call', [startStep], 12_345, 'the model thinks, 12 s'],
    [
      'its words come',
      [startStep, { type: 'text.streamed', text: 'Hi' }],
      65_000,
      'the model answers, 1 min 5 s',
    ],
    ['it is over', [startStep, endStep], 0, undefined],
    ['a tool', [startTool('a', 'bash')], 3_000, 'bash, 3 s'],
    [
      'several',
      [startTool('a', 'read_file'), startTool('b', 'search'), startTool('c', 'read_file')],
      0,
      '2 x read_file, search, 0 s',
    ],
    [
      'one of several is over',
      [startTool('a', 'read_file'), startTool('b', 'search'), endTool('a')],
      0,
      'search, 0 s',
    ],
    [
      'a pause',
      [{ type: 'step.delayed', reason: 'busy', afterMs: 9_000, model: 'm/1' }],
      4_000,
      'the model is asked again in 5 s',
    ],
    [
      'a parked turn',
      [{ type: 'session.parked', reason: 'busy', untilMs: Date.UTC(2026, 0, 1, 0, 1) }],
      0,
      'no model answers; next try in 1 min 0 s',
    ],
    [
      'a wait',
      [
        startTool('a', 'wait_for_checks'),
        { type: 'session.waiting', reason: 'checks', untilMs: Date.UTC(2026, 0, 1, 0, 5) },
      ],
      0,
      'waits for checks; looks again in 5 min 0 s',
    ],
    [
      'the turn is over',
      [startTool('a', 'bash'), { type: 'turn.finished', outcome: { kind: 'stopped' } }],
      0,
      undefined,
    ],
  ])('%s', (_name, events, nowMs, words) => {
    expect(statusOf(after(events).running, nowMs)?.slice(2)).toBe(words);
  });

  it('has a spinner that turns with time', () => {
    const { running } = after([startStep]);
    const frames = [0, 99, 100, 900, 1000].map((nowMs) => statusOf(running, nowMs)?.charAt(0));
    expect(frames).toEqual(['⠋', '⠋', '⠙', '⠏', '⠋']);
  });
});

describe('the prompt', () => {
  const foot = (activity = IDLE, typed = nobody, columns = 40) =>
    footerOf(activity, typed, { columns, colour: false, nowMs: 0 });

  it.each([
    ['invites to type', IDLE, nobody, '> a word to the agent; Ctrl-C stops it', 2],
    [
      'says that an answer is waited for',
      after([asked]),
      nobody,
      'answer> the agent waits for your answer',
      8,
    ],
    [
      'no longer once it has come',
      after([asked, { type: 'message.admitted', text: 'Yes', requester: 'x' }]),
      nobody,
      '> a word to the agent; Ctrl-C stops it',
      2,
    ],
    ['shows what is typed', IDLE, { before: 'go ', after: 'on', pasted: 0 }, '> go on', 5],
    ['counts pasted lines', IDLE, { before: 'end', after: '', pasted: 2 }, '[2 more lines] > end', 20],
    [
      'lets nothing typed move the cursor',
      IDLE,
      { before: 'a\u001b[2Jb', after: '\t', pasted: 0 },
      '> ab  ',
      4,
    ],
    [
      'keeps the cursor in sight',
      IDLE,
      { before: 'x'.repeat(50) + '日', after: 'yyy', pasted: 0 },
      `> ${'x'.repeat(35)}日`,
      39,
    ],
  ] as const)('%s', (_name, activity, typed, line, cursor) => {
    expect(foot(activity, typed)).toEqual({ lines: [line], cursor });
  });

  it('stays within a row, with what runs and what is not read yet above it', () => {
    const activity = after([startTool('a', 'bash')], ['Use the other one, please, and tell me why']);
    const { lines } = foot(activity, { before: 'a'.repeat(99), after: 'b'.repeat(99), pasted: 1 });
    expect(lines.map((line) => line.slice(0, 14))).toEqual([
      '⠋ bash, 0 s',
      '  to be read a',
      '[1 more line] ',
    ]);
    for (const line of lines) expect(widthOf(line)).toBeLessThan(40);
  });

  it('forgets what was said once it is read', () => {
    const read: AgentEvent = { type: 'message.admitted', text: 'Yes', requester: 'x' };
    expect(after([startStep, read], ['Yes', 'No']).unread).toEqual(['No']);
  });
});
