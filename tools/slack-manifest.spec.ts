import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogLevel, WebClient } from '@slack/web-api';
import { SlackChat } from '@swe/adapter-slack/chat';
import { SlackDirectory } from '@swe/adapter-slack/directory';
import { MANIFEST_FILES, manifestText } from '@swe/adapter-slack/manifest';
import { openLoopbackSlack, TEAM } from '@swe/testing/servers';
import type { LoopbackSlack } from '@swe/testing/servers';

const RESOURCES = new URL('../resources/', import.meta.url);

it('the files in resources/ are what npm run manifest writes', () => {
  const files = readdirSync(RESOURCES).filter((name) => name.startsWith('slack-app-manifest'));
  expect(files.toSorted()).toEqual(Object.keys(MANIFEST_FILES).toSorted());
  for (const [name, manifest] of Object.entries(MANIFEST_FILES)) {
    expect(readFileSync(new URL(name, RESOURCES), 'utf8')).toBe(manifestText(manifest));
  }
});

describe.each(Object.entries(MANIFEST_FILES))('the scopes of %s', (_name, { oauth_config: asked }) => {
  /** Of events, commands and the agent's pane: no call of the adapter needs them. */
  const UNCALLED = ['app_mentions:read', 'assistant:write', 'commands', 'metadata.message:read'];
  const CHANNELS = { C0OPEN: 'channel', G0CLOSED: 'group', D0ADA: 'im', G0MANY: 'mpim' } as const;

  let slack: LoopbackSlack;
  beforeEach(async () => {
    slack = await openLoopbackSlack({ scopes: asked.scopes.bot });
    slack.world.addPerson('U0ADA', 'Ada');
    for (const [id, kind] of Object.entries(CHANNELS)) slack.world.addChannel(id, id.toLowerCase(), kind);
  });
  afterEach(() => slack.close());

  it('are those that the calls of chat and directory need, and those of events, commands and the pane', async () => {
    const options = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR };
    const client = new WebClient(slack.botToken, options);
    const fileHosts = [new URL(slack.origin).host];
    const chat = new SlackChat({ client: async () => client, fetch, fileHosts });
    const directory = new SlackDirectory({
      client: async () => client,
      clock: { monotonicMs: () => 0 },
      logger: {
        warn(event, fields) {
          throw new Error(`${event} ${JSON.stringify(fields)}`);
        },
      },
    });
    const person = `slack:${TEAM.id}/U0ADA`;

    for (const channel of Object.keys(CHANNELS)) {
      const { ts } = slack.people.say({ by: 'U0ADA', channel, text: 'Please.' }).post;
      const thread = `slack:${TEAM.id}/${channel}/${ts}`;
      const id = await chat.post(thread, { body: 'Hello.', activity: 'is thinking...' }, 'post');
      await chat.post(thread, { body: 'Psst.', onlyFor: person }, 'ephemeral');
      await chat.edit(thread, id, { body: 'Hello!' });
      await chat.attach(thread, { name: 'a', bytes: Uint8Array.of(1) }, { body: 'A file.' }, 'attach');
      expect(await chat.find(thread, 'post')).toBe(id);
      await chat.find(`slack:${TEAM.id}/${channel}`, 'post');
      await chat.react(thread, thread, 'seen');
      await chat.react(thread, thread, 'done');
    }
    const file = slack.world.addFile('U0ADA', 'a.txt', Uint8Array.of(1));
    slack.people.say({ by: 'U0ADA', channel: 'C0OPEN', text: '', files: [file.id] });
    await chat.fetch(`slack:${TEAM.id}/${file.id}`);
    await directory.person(person);
    await directory.channel(`slack:${TEAM.id}/C0OPEN`);

    expect([...slack.scopesNeeded, ...UNCALLED].toSorted()).toEqual(asked.scopes.bot);
  });
});
