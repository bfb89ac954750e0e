import { describe, expect, it } from '@jest/globals';
import { nextOfWait } from './wait-policy';
import type { WaitDecision } from './wait-policy';

const MINUTE_MS = 60_000;
const POLL_MS = 15_000;
const hold = (forMs: number): WaitDecision => ({ do: 'hold', forMs });
const sleepUntil = (minute: number): WaitDecision => ({ do: 'sleep', untilMs: minute * MINUTE_MS });

describe('a wait', () => {
  it.each<[string, number, number, WaitDecision]>([
    ['is looked at again and again at first', 0, 60, hold(POLL_MS)],
    ['is held until the machine may sleep', 4.9, 60, hold(0.1 * MINUTE_MS)],
    ['is held no longer than it goes on', 0.9, 1, hold(0.1 * MINUTE_MS)],
    ['lets the machine sleep after five minutes', 5, 60, sleepUntil(10)],
    ['lets it sleep for longer each time', 10, 60, sleepUntil(20)],
    ['and longer', 20, 60, sleepUntil(40)],
    ['no longer than half an hour', 200, 600, sleepUntil(230)],
    ['no longer than it goes on', 40, 60, sleepUntil(60)],
    ['ends in time', 60, 60, { do: 'end' }],
    ['ends also when it is looked at too late', 90, 60, { do: 'end' }],
    ['of no time is a look', 0, 0, { do: 'end' }],
    ['that a message interrupted goes on by its whole time', 12, 60, sleepUntil(24)],
  ])('%s', (_name, nowMin, untilMin, expected) => {
    const wait = { startedAtMs: 0, untilMs: untilMin * MINUTE_MS };
    expect(nextOfWait(wait, POLL_MS, nowMin * MINUTE_MS)).toEqual(expected);
  });
});
