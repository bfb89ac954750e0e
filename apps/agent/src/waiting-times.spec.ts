import { expect, it } from '@jest/globals';
import type { AgentEvent } from '@swe/domain';
import { waitingTimes } from './waiting-times';

const STARTED_AT_MS = 100_000;
const admitted = (receivedAtMs: number): AgentEvent => ({
  type: 'message.admitted',
  text: 'Please.',
  requester: 'local:ada',
  receivedAtMs,
});
const posted: AgentEvent = { type: 'post.delivered', effectKey: 'k', body: 'Done.' };
const answered: AgentEvent = { type: 'turn.finished', outcome: { kind: 'answered', replyKey: 'k' } };
const failed: AgentEvent = { type: 'turn.finished', outcome: { kind: 'failed', cause: 'no model' } };

it.each<[string, readonly (readonly [AgentEvent, number])[], object]>([
  ['the first message waited for the machine', [[admitted(40_000), 130_000]], { workerReadyMs: 90_000 }],
  [
    'the second one met it',
    [
      [admitted(40_000), 130_000],
      [admitted(50_000), 131_000],
    ],
    {},
  ],
  ['so did a first one that came to a running process', [[admitted(110_000), 111_000]], {}],
  [
    'the first post ends the wait for a word',
    [
      [admitted(110_000), 111_000],
      [posted, 113_000],
    ],
    { firstPostMs: 3_000 },
  ],
  [
    'the next one does not',
    [
      [admitted(110_000), 111_000],
      [posted, 113_000],
      [posted, 114_000],
    ],
    {},
  ],
  [
    'an answer is for the oldest message of its turn',
    [
      [admitted(110_000), 111_000],
      [admitted(115_000), 116_000],
      [answered, 150_000],
    ],
    { answerMs: 40_000 },
  ],
  [
    'a failure is no answer',
    [
      [admitted(110_000), 111_000],
      [failed, 150_000],
    ],
    {},
  ],
  ['clocks that disagree give no negative time', [[admitted(99_999), 90_000]], { workerReadyMs: 0 }],
])('%s', (_title, events, expected) => {
  const { after } = waitingTimes(STARTED_AT_MS);
  const told = events.map(([event, nowMs]) => after(event, nowMs));
  expect(told.at(-1)).toEqual(expected);
});
