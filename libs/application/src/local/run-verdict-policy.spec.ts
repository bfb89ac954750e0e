import { expect, it } from '@jest/globals';
import type { Outcome } from '@swe/domain';
import { runVerdict } from './run-verdict-policy';
import type { RunVerdict } from './run-verdict-policy';

const ANSWERED: Outcome = { kind: 'answered', replyKey: 'k' };
const REQUEST = { repository: 'forge://shop', headBranch: 'swe/s1', number: 2, url: 'forge://shop/pulls/2' };

it.each<[Outcome | undefined, boolean, number, RunVerdict]>([
  [ANSWERED, false, 0, { kind: 'done' }],
  [ANSWERED, true, 1, { kind: 'done' }],
  [ANSWERED, true, 0, { kind: 'failed', reason: 'the work ended without a pull request' }],
  [{ ...ANSWERED, asksBack: true }, true, 0, { kind: 'asks-back' }],
  [{ kind: 'stopped' }, false, 1, { kind: 'stopped' }],
  [{ kind: 'failed', cause: 'no model' }, false, 1, { kind: 'failed', reason: 'no model' }],
  [{ kind: 'refused', reason: 'ended' }, false, 0, { kind: 'failed', reason: 'ended' }],
  [undefined, false, 0, { kind: 'failed', reason: 'the session had no message to work on' }],
])('%j, with a pull request wanted: %j and %d there, is %j', (outcome, wanted, requests, verdict) => {
  expect(runVerdict(outcome, wanted, Array<typeof REQUEST>(requests).fill(REQUEST))).toEqual(verdict);
});
