import { describe, expect, it } from '@jest/globals';
import { nextPollAtMs, openPullRequests, pollAction } from './poll-policy';

const MINUTE_MS = 60_000;
const own = (number: number) => ({
  repository: 'https://github.com/acme/shop',
  headBranch: `swe/${number}`,
  number,
  url: `https://github.com/acme/shop/pull/${number}`,
});
const session = {
  status: 'asleep' as const,
  createdAtMs: 0,
  pollAtMs: 10,
  pullRequests: [own(1), own(2)],
};
const over = { ...session, closedPullRequests: [own(1).url, own(2).url] };

describe('the host of a session’s pull requests', () => {
  it.each([
    ['is asked once it is time', session, 10, 'poll'],
    ['is not asked before', session, 9, 'nothing'],
    ['is not asked without a time', { ...session, pollAtMs: undefined }, 10, 'nothing'],
    ['is asked while one is open', { ...session, closedPullRequests: [own(1).url] }, 10, 'poll'],
    ['is asked no more when all are over', over, 10, 'forget'],
    ['is asked no more when the session is over', { ...session, status: 'ended' as const }, 10, 'forget'],
    ['is asked no more when there is none', { ...session, pullRequests: [] }, 10, 'forget'],
  ])('%s', (_name, given, nowMs, action) => {
    expect(pollAction(given, nowMs)).toBe(action);
  });

  it('is asked about those that are open', () => {
    expect(openPullRequests({ ...session, closedPullRequests: [own(1).url] })).toEqual([own(2)]);
  });

  it.each([
    [0, 5],
    [60, 5],
    [120, 10],
    [360, 30],
    [10_000, 30],
  ])('is asked again, for a session of %i minutes, in %i', (age, pause) => {
    const nowMs = age * MINUTE_MS;
    expect(nextPollAtMs(session, nowMs)).toBe(nowMs + pause * MINUTE_MS);
  });
});
