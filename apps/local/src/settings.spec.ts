import { expect, it } from '@jest/globals';
import { localConfig } from '@swe/config/local';
import { settingsOf } from './settings';

it('every key of a vendor’s counts as a secret, and nothing else does', () => {
  const keys = {
    ANTHROPIC_API_KEY: 'a',
    OPENAI_API_KEY: 'b',
    AWS_SECRET_ACCESS_KEY: 'c',
    AWS_SESSION_TOKEN: 'd',
    AWS_BEARER_TOKEN_BEDROCK: 'e',
    SLACK_BOT_TOKEN: 'f',
    SLACK_APP_TOKEN: 'g',
  };
  const others = { PATH: '/bin', AWS_REGION: 'us-west-2', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE' };
  expect(settingsOf(localConfig.parse({ ...keys, ...others })).secrets).toEqual([...'abcdefg']);
  expect(settingsOf(localConfig.parse({ ...others, AWS_SESSION_TOKEN: '' })).secrets).toEqual([]);
});

it('what is said of Slack is for no git', () => {
  const slack = {
    SLACK_BOT_TOKEN: 'f',
    SLACK_APP_TOKEN: 'g',
    ADMIN_USER_ID_LIST: 'U1',
    SLACK_ALLOWED_BOTS: 'B1',
  };
  const { gitAccess } = settingsOf(localConfig.parse({ PATH: '/bin', ...slack, HTTP_PROXY: 'http://proxy' }));
  expect(gitAccess).toEqual({ HTTP_PROXY: 'http://proxy' });
});

it('Slack takes both of its tokens', () => {
  const settings = (environment: object) => settingsOf(localConfig.parse({ PATH: '/bin', ...environment }));
  expect(settings({ SLACK_APP_TOKEN: '' }).slack).toBeUndefined();
  expect(settings({ SLACK_BOT_TOKEN: 'f', SLACK_APP_TOKEN: 'g' }).slack).toMatchObject({ botToken: 'f' });
  expect(() => settings({ SLACK_BOT_TOKEN: 'f' })).toThrow(/SLACK_APP_TOKEN is not/);
});
