import { expect, it } from '@jest/globals';
import type { Check } from '@swe/domain';
import { checksVerdict, waitsOn } from './checks-policy';

const of = (...states: Check['state'][]): Check[] =>
  states.map((state, i) => ({ name: `check ${i}`, state, summary: '' }));

it.each([
  [[], 'none'],
  [['success'], 'passed'],
  [['success', 'neutral'], 'passed'],
  [['success', 'pending'], 'pending'],
  [['failure', 'pending'], 'pending'],
  [['success', 'failure'], 'failed'],
  [['success', 'cancelled'], 'failed'],
] as const)('%j come to %s', (states, verdict) => {
  expect(checksVerdict(of(...states))).toBe(verdict);
});

it.each([
  ['nothing was started yet', [], 0, true],
  ['nothing was started in a minute', [], 60_000, false],
  ['one runs', ['pending', 'success'], 600_000, true],
  ['one runs and another has failed', ['pending', 'failure'], 0, false],
  ['one runs and another was cancelled, maybe to run again', ['pending', 'cancelled'], 0, true],
  ['all are through', ['success', 'neutral'], 0, false],
] as const)('when %s, of %j, it waits on after %d ms: %s', (_name, states, waitedMs, expected) => {
  expect(waitsOn(of(...states), waitedMs)).toBe(expected);
});
