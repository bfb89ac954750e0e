import { expect, it } from '@jest/globals';
import { slackManifest } from './slack-manifest';

const manifestOf = (hearsChannels: boolean) =>
  slackManifest({ hearsChannels, requestUrl: 'https://swe.example.org/slack/events' });
const scopesOf = (hearsChannels: boolean) => manifestOf(hearsChannels).oauth_config.scopes.bot;

it('has one address for all that Slack sends, and none for Socket Mode', () => {
  const [url] = manifestOf(true).features.slash_commands.map((command) => command.url);
  const { event_subscriptions: events, interactivity, socket_mode_enabled } = manifestOf(true).settings;
  expect([url, events.request_url, interactivity.request_url]).toEqual(
    Array.from({ length: 3 }, () => 'https://swe.example.org/slack/events'),
  );
  expect(socket_mode_enabled).toBe(false);
  const overSocket = slackManifest({ hearsChannels: true, requestUrl: undefined });
  expect(overSocket.settings.socket_mode_enabled).toBe(true);
  expect(JSON.stringify(overSocket)).not.toContain('http');
});

it('offers itself as an agent within what https://docs.slack.dev/reference/app-manifest allows', () => {
  const { agent_view: agent } = manifestOf(false).features;
  expect(agent.agent_description.length).toBeLessThanOrEqual(300);
  expect(agent.suggested_prompts.length).toBeLessThanOrEqual(4);
  expect(scopesOf(false)).toContain('assistant:write');
});

it('hears channels or not with the same scopes', () => {
  expect(scopesOf(true)).toEqual(scopesOf(false));
  const events = (hearsChannels: boolean) =>
    manifestOf(hearsChannels).settings.event_subscriptions.bot_events;
  expect(events(false)).toEqual(['app_mention', 'message.im', 'app_home_opened']);
  expect(events(true)).toEqual([...events(false), 'message.channels', 'message.groups', 'message.mpim']);
});
