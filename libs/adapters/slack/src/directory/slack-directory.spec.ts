import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { LogLevel, WebClient } from '@slack/web-api';
import type { Person } from '@swe/domain';
import { directoryContract, runContract } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { openLoopbackSlack, SlackRefusal, TEAM } from '@swe/testing/servers';
import type { LoopbackSlack } from '@swe/testing/servers';
import { SlackDirectory } from './slack-directory';

const clock = new ManualClock();
const ada: Person = {
  name: 'Ada',
  locale: 'de-DE',
  isBot: false,
  isGuest: false,
  isForeign: false,
  isKnown: true,
};
const person = (id: string) => `slack:${TEAM.id}/${id}`;

let warned: object[] = [];
function directoryOn(slack: LoopbackSlack): SlackDirectory {
  const options = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR };
  const client = new WebClient(slack.botToken, options);
  const logger = { warn: (_event: string, fields: object = {}) => void warned.push(fields) };
  return new SlackDirectory({ client: async () => client, clock, logger });
}

async function open(): Promise<LoopbackSlack> {
  const slack = await openLoopbackSlack({ clock });
  slack.world.addPerson('U1', 'Ada', 'member', 'de-DE');
  slack.world.addPerson('U2', 'Gus', 'guest');
  slack.world.addPerson('U3', 'Fay', 'foreign');
  slack.world.addPerson('U4', 'Bot', 'bot');
  slack.world.addChannel('C1', 'general');
  return slack;
}

runContract('SlackDirectory', directoryContract, async () => {
  const slack = await open();
  const other = { ...ada, locale: 'en-US' };
  return {
    subject: {
      directory: directoryOn(slack),
      people: {
        member: [person('U1'), ada],
        guest: [person('U2'), { ...other, name: 'Gus', isGuest: true }],
        stranger: [person('U3'), { ...other, name: 'Fay', isForeign: true }],
        bot: [person('U4'), { ...other, name: 'Bot', isBot: true }],
      } as const,
      channel: [person('C1'), { name: 'general', isKnown: true }] as const,
      unknown: { person: person('U9'), channel: person('C9') },
    },
    close: () => slack.close(),
  };
});

let slack: LoopbackSlack;
beforeEach(async () => {
  warned = [];
  slack = await open();
});
afterEach(() => slack.close());

it('asks once for what it knows, and again after minutes', async () => {
  const directory = directoryOn(slack);
  await Promise.all([directory.person(person('U1')), directory.person(person('U1'))]);
  await directory.person(person('U1'));
  expect(slack.calls).toHaveLength(1);
  await clock.advance(10 * 60_000);
  await directory.person(person('U1'));
  expect(slack.calls).toHaveLength(2);
});

it('asks again for whoever could not be looked up, and says why', async () => {
  const directory = directoryOn(slack);
  slack.before = () => new SlackRefusal('internal_error');
  expect(await directory.person(person('U1'))).toMatchObject({ name: 'U1', isKnown: false });
  expect(warned).toMatchObject([{ reason: expect.stringContaining('internal_error') }]);
  slack.before = () => undefined;
  expect(await directory.person(person('U1'))).toEqual(ada);
});

it('has a single-channel guest as a guest', async () => {
  slack.world.addPerson('U5', 'Sam', 'single-channel guest');
  expect(await directoryOn(slack).person(person('U5'))).toMatchObject({ isGuest: true, isForeign: false });
});
