import { expect, it } from '@jest/globals';
import type { Outcome } from './outcome';
import { turnEndingOf } from './session';
import type { TurnEnding } from './session';

it.each<[Outcome, TurnEnding | undefined]>([
  [{ kind: 'answered', replyKey: 'k' }, 'answered'],
  [{ kind: 'answered', replyKey: 'k', asksBack: true }, 'asked'],
  [{ kind: 'failed', cause: 'x' }, 'failed'],
  [{ kind: 'stopped' }, 'stopped'],
  [{ kind: 'refused', reason: 'x' }, 'refused'],
  [{ kind: 'cancelled' }, 'cancelled'],
  [{ kind: 'command-result', text: 'x' }, undefined],
])('the outcome %j ends a turn as %s', (outcome, ending) => {
  expect(turnEndingOf(outcome)).toBe(ending);
});
