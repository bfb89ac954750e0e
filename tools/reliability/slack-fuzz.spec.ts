import { expect, it, jest } from '@jest/globals';
import { slackFuzz } from './slack-fuzz';
import { NO_SLACK_VIOLATIONS } from './slack-oracle';
import { SLACK_PROTECTIONS } from './slack-protection';

jest.setTimeout(300_000);

/** A tenth in every test run. */
const HISTORIES = process.env['SWE_TEST_FULL'] === '1' ? 10_000 : 1_000;

it('every Slack message to the agent gets one outcome, and no other any, however it is told', async () => {
  const { requests, deaths, forgeries, violations, failures } = await slackFuzz(1, HISTORIES);
  expect(failures).toEqual([]);
  expect(violations).toEqual(NO_SLACK_VIOLATIONS);
  expect(requests).toBeGreaterThan(8 * HISTORIES);
  expect(deaths).toBeGreaterThan(HISTORIES / 2);
  expect(forgeries).toBeGreaterThan(HISTORIES / 2);
});

it.each([
  { without: SLACK_PROTECTIONS.identity, kind: 'withTwoOutcomes' },
  { without: SLACK_PROTECTIONS.authorizations, kind: 'uninvited' },
  { without: SLACK_PROTECTIONS.addressed, kind: 'uninvited' },
  { without: SLACK_PROTECTIONS.oneWrite, kind: 'wrongOutcomes' },
  { without: SLACK_PROTECTIONS.signatures, kind: 'uninvited' },
  { without: SLACK_PROTECTIONS.membership, kind: 'wrongOutcomes' },
  { without: SLACK_PROTECTIONS.files, kind: 'filesLost' },
] as const)('it shows when not: $without.name', async ({ without, kind }) => {
  expect((await slackFuzz(1, 50, without)).violations[kind]).toBeGreaterThan(0);
});
