import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { LogLevel, WebClient } from '@slack/web-api';
import { openLoopbackSlack, SlackRefusal } from '@swe/testing/servers';
import type { LoopbackSlack } from '@swe/testing/servers';
import { checkAppToken, checkBotToken } from './check-tokens';

let slack: LoopbackSlack;
beforeEach(async () => {
  slack = await openLoopbackSlack({ scopes: ['chat:write'] });
});
afterEach(() => slack.close());

function clientWith(token: string): WebClient {
  const options = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR };
  return new WebClient(token, options);
}

it('says as whom a bot speaks', async () => {
  expect(await checkBotToken(clientWith(slack.botToken), ['chat:write'])).toBe('@swe in Acme');
});

it('names the scopes that a bot lacks', async () => {
  const check = checkBotToken(clientWith(slack.botToken), ['chat:write', 'files:read', 'commands']);
  await expect(check).rejects.toMatchObject({
    message: expect.stringContaining('lacks files:read, commands:'),
  });
});

it('says what is wrong with a bot’s token', async () => {
  await expect(checkBotToken(clientWith('xoxb-other'), [])).rejects.toThrow('invalid_auth');
});

it('takes an app’s token, and says what is wrong with another', async () => {
  await checkAppToken(clientWith(slack.appToken));
  await expect(checkAppToken(clientWith(slack.botToken))).rejects.toThrow('another kind of token');
  slack.before = () => new SlackRefusal('missing_scope', { needed: 'connections:write' });
  await expect(checkAppToken(clientWith(slack.appToken))).rejects.toThrow(
    'missing_scope (connections:write)',
  );
});
