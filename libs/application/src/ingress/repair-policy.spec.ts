import { expect, it } from '@jest/globals';
import { afterFailedChecks } from './repair-policy';

const own = { url: 'https://github.com/acme/shop/pull/2', headSha: 'a'.repeat(40) };

it.each([
  ['its head fails for the first time', {}, own, own.headSha, 'repair'],
  ['it failed twice before', { repairs: 2 }, own, own.headSha, 'repair'],
  ['it failed three times before', { repairs: 3 }, own, own.headSha, 'give-up'],
  ['another commit fails', {}, own, 'b'.repeat(40), 'ignore'],
  ['nobody knows what was pushed', {}, { url: own.url }, own.headSha, 'ignore'],
  ['it is over', { closedPullRequests: [own.url] }, own, own.headSha, 'ignore'],
  ['another is over', { closedPullRequests: ['x'] }, own, own.headSha, 'repair'],
] as const)('when %s: %j %j %s -> %s', (_name, session, pullRequest, sha, expected) => {
  const { closedPullRequests, ...rest } = { closedPullRequests: undefined, ...session };
  const given = { ...rest, ...(closedPullRequests && { closedPullRequests: [...closedPullRequests] }) };
  expect(afterFailedChecks(given, pullRequest, sha)).toBe(expected);
});
