import { expect, it } from '@jest/globals';
import type { Outcome } from './outcome';
import { reactionEntry } from './reaction-entry';
import { reactionTo } from './reaction';
import type { Reaction } from './reaction';

it.each<[Outcome, Reaction | undefined]>([
  [{ kind: 'answered', replyKey: 'k' }, 'done'],
  [{ kind: 'answered', replyKey: 'k', asksBack: true }, 'waiting'],
  [{ kind: 'command-result', text: 'Ended.' }, 'done'],
  [{ kind: 'stopped' }, 'waiting'],
  [{ kind: 'refused', reason: 'no' }, 'failed'],
  [{ kind: 'failed', cause: 'no' }, 'failed'],
  [{ kind: 'cancelled' }, undefined],
])('a message whose outcome is %j is marked %j', (outcome, reaction) => {
  expect(reactionTo(outcome)).toBe(reaction);
});

it('a message has one entry for its reactions, where the latest takes the place of the one before', () => {
  const session = { id: 's1', origin: 'slack:T/C/1.1' };
  const item = { seq: 3, messageKey: 'slack:T/C/1.2' };
  expect(reactionEntry(session, item, 'done', 7)).toEqual({
    effectKey: 's1/reaction-3',
    sessionId: 's1',
    destination: 'slack:T/C/1.1',
    class: 'status',
    body: '',
    reaction: { messageKey: 'slack:T/C/1.2', reaction: 'done' },
    createdAtMs: 7,
  });
});
