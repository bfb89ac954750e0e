import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTurnCourse, text } from '@swe/domain';
import type { GrowingTurnCourse, JsonValue, NewJournalEntry } from '@swe/domain';
import { DEFAULT_STUCK_LIMITS, isWorthAskingAgain, stuckDecision } from './stuck-policy';

const { nudgeAtRepeats, askAtRepeats, patienceWithWaiting, maxTalkingSteps } = DEFAULT_STUCK_LIMITS;
const NEVER = 1_000;

let calls = 0;
function step(name: string, input: JsonValue, result: string): NewJournalEntry[] {
  calls += 1;
  const callId = `c${calls}`;
  const call = { type: 'tool-call', callId, name, input } as const;
  const at = { atMs: 0, durationMs: 0 };
  return [
    { ...at, kind: 'model-call-finished', callNumber: calls, model: 'm', content: [call], stop: 'tool-use' },
    { ...at, kind: 'tool-finished', callId, name, content: [text(result)], isError: false },
  ];
}

const nudged: NewJournalEntry = { kind: 'harness-noted', atMs: 0, cause: 'going-round', text: '' };
const said: NewJournalEntry = {
  kind: 'message-admitted',
  atMs: 0,
  inboxSeq: 1,
  requester: 'local:ada',
  content: [text('Go on.')],
};
const asked: NewJournalEntry = { kind: 'harness-noted', atMs: 0, cause: 'asked-about-round', text: '' };
const silent: NewJournalEntry = {
  kind: 'model-call-finished',
  atMs: 0,
  durationMs: 0,
  callNumber: 1,
  model: 'm',
  content: [text(' ')],
  stop: 'end-turn',
};

/** After which step of these the model is told, and the person asked. */
function decisions(turn: (n: number) => readonly NewJournalEntry[], count = 60) {
  const course = createTurnCourse();
  let nudge = NEVER;
  for (let n = 1; n <= count; n += 1) {
    turn(n).forEach((entry) => course.add(entry));
    const decision = stuckDecision(course);
    if (decision.do === 'ask') return { nudge, ask: n };
    if (decision.do !== 'nudge') continue;
    nudge = Math.min(nudge, n);
    course.add(nudged);
  }
  return { nudge, ask: NEVER };
}

function grow(...entries: readonly NewJournalEntry[]): GrowingTurnCourse {
  const course = createTurnCourse();
  entries.forEach((entry) => course.add(entry));
  return course;
}

describe('a turn that', () => {
  it.each<[string, (n: number) => readonly NewJournalEntry[], { nudge: number; ask: number }]>([
    [
      'makes the same call with the same result',
      () => step('bash', { command: 'npm test' }, '1 failed\n[exit code 1 after 1.2 s]'),
      { nudge: nudgeAtRepeats, ask: askAtRepeats },
    ],
    [
      'makes the same call, whose result only took another time',
      (n) => step('bash', { command: 'npm test' }, `1 failed\n[exit code 1 after ${n}.2 s]`),
      { nudge: nudgeAtRepeats, ask: askAtRepeats },
    ],
    [
      'does two things by turns',
      (n) => step('edit_file', { text: n % 2 }, 'edited'),
      { nudge: 2 * nudgeAtRepeats, ask: 2 * askAtRepeats },
    ],
    [
      'waits for something that stays as it is',
      () => step('process_output', { handle: 'a' }, '(no new output)'),
      { nudge: patienceWithWaiting * nudgeAtRepeats, ask: patienceWithWaiting * askAtRepeats },
    ],
    [
      'looks every half minute whether a deployment is through',
      (n) => step('bash', { command: n % 2 ? 'sleep 30' : 'deploy status' }, n % 2 ? '' : 'deploying'),
      { nudge: 2 * patienceWithWaiting * nudgeAtRepeats, ask: NEVER },
    ],
    [
      'starts the same server for a moment, which never answers',
      () => step('bash', { command: 'npm start & sleep 3; curl -s localhost:3000' }, 'refused'),
      { nudge: nudgeAtRepeats, ask: askAtRepeats },
    ],
    [
      'only reports, in ever new words',
      (n) => step('report_progress', { text: `Still at it, ${n}.` }, 'posted'),
      { nudge: maxTalkingSteps, ask: 2 * maxTalkingSteps },
    ],
    [
      'makes the same call with new results',
      (n) => step('bash', { command: 'npm test' }, `${n} failed`),
      { nudge: NEVER, ask: NEVER },
    ],
    [
      'tests again after each edit',
      (n) => [...step('edit_file', { text: `try ${n}` }, 'edited'), ...step('bash', {}, 'failed')],
      { nudge: NEVER, ask: NEVER },
    ],
  ])('%s', (_name, turn, expected) => {
    expect(decisions(turn)).toEqual(expected);
  });

  it('never does the same twice is never stopped', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), (inputs) => {
        const course = createTurnCourse();
        for (const input of inputs) {
          step('bash', { command: input }, 'ok').forEach((entry) => course.add(entry));
          expect(stuckDecision(course)).toEqual({ do: 'go-on' });
        }
      }),
    );
  });

  it('goes round where a person was asked about it already is ended', () => {
    const again = () => step('bash', { command: 'npm test' }, '1 failed');
    const round = (times: number) => Array.from({ length: times }, again).flat();
    const course = grow(...round(askAtRepeats), asked, said);
    expect(stuckDecision(course)).toEqual({ do: 'go-on' });
    round(nudgeAtRepeats).forEach((entry) => course.add(entry));
    expect(stuckDecision(course)).toMatchObject({ do: 'stop' });
  });
});

it('an answer without a word is asked for again twice, then taken', () => {
  const course = grow(said);
  const worth = [1, 2, 3].map(() => {
    course.add(silent);
    return isWorthAskingAgain(course);
  });
  expect(worth).toEqual([true, true, false]);
});
