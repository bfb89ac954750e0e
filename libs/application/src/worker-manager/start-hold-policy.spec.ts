import { expect, it } from '@jest/globals';
import { holdStarts } from './start-hold-policy';

const MINUTE_MS = 60_000;
const NOW_MS = 1_000 * MINUTE_MS;

type Facts = Parameters<typeof holdStarts>[0][number];
const ago = (minutes: number): number => NOW_MS - minutes * MINUTE_MS;
const failed = (minutes: number, startAttempts?: number): Facts => ({
  status: 'queued',
  bootFailedAtMs: ago(minutes),
  ...(startAttempts !== undefined && { startAttempts }),
});
const booted = (minutes: number): Facts => ({ status: 'working', bootedAtMs: ago(minutes) });
const starting: Facts = { status: 'starting' };

/** For how many minutes from now. */
const heldFor = (sessions: readonly Facts[]): number | undefined => {
  const hold = holdStarts(sessions, NOW_MS);
  return hold && (hold.untilMs - NOW_MS) / MINUTE_MS;
};

it.each<[string, readonly Facts[], number | undefined]>([
  ['nothing is held when there are no sessions', [], undefined],
  ['nothing is held when machines come up', [booted(1), booted(2), starting], undefined],
  ['two sessions may have troubles of their own', [failed(0, 4), failed(0, 4)], undefined],
  ['three share theirs', [failed(0, 1), failed(5, 1), failed(9, 1)], 1],
  ['sessions that were given up count as well', [failed(0), failed(5), failed(9)], 1],
  [
    'a machine that came up since ends it',
    [failed(1, 1), failed(5, 1), failed(9, 1), booted(0.5)],
    undefined,
  ],
  ['one that came up before does not', [failed(0, 1), failed(5, 1), failed(9, 1), booted(10)], 1],
  ['only what failed since counts', [failed(0, 1), failed(1, 1), failed(9, 1), booted(5)], undefined],
  ['the pause doubles with every try', [failed(0, 2), failed(5, 2), failed(9, 1)], 4],
  ['the pause is bounded', [failed(0, 5), failed(5, 5), failed(9, 5)], 30],
  ['the pause counts from the last failure', [failed(3, 2), failed(5, 2), failed(9, 1)], 1],
  ['after the pause one is tried', [failed(4, 2), failed(5, 2), failed(9, 1)], undefined],
  ['and no other beside it', [failed(4, 2), failed(5, 2), failed(9, 1), starting], 1],
])('%s', (_name, sessions, expected) => expect(heldFor(sessions)).toBe(expected));

it('a hold says why', () => {
  expect(holdStarts([failed(0), failed(0), failed(0)], NOW_MS)?.cause).toContain('machines of 3 sessions');
});
