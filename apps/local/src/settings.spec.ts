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
    SLACK_SIGNING_SECRET: 'h',
    GITHUB_TOKEN: 'i',
    GITHUB_WEBHOOK_SECRET: 'j',
  };
  const others = { PATH: '/bin', AWS_REGION: 'us-west-2', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE' };
  expect(settingsOf(localConfig.parse({ ...keys, ...others })).secrets).toEqual([...'abcdefghij']);
  expect(settingsOf(localConfig.parse({ ...others, AWS_SESSION_TOKEN: '' })).secrets).toEqual([]);
});

it('what is said of Slack is for no git', () => {
  const slack = {
    SLACK_BOT_TOKEN: 'f',
    SLACK_APP_TOKEN: 'g',
    SLACK_SIGNING_SECRET: 'h',
    SWE_PORT: '0',
    ADMIN_USER_ID_LIST: 'U1',
    SLACK_ALLOWED_BOTS: 'B1',
  };
  const { gitAccess } = settingsOf(localConfig.parse({ PATH: '/bin', ...slack, HTTP_PROXY: 'http://proxy' }));
  expect(gitAccess).toEqual({ HTTP_PROXY: 'http://proxy' });
});

const settings = (environment: object) => settingsOf(localConfig.parse({ PATH: '/bin', ...environment }));

it('Slack takes its bot’s token and a way to be heard by', () => {
  expect(settings({ SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: '' }).slack).toBeUndefined();
  const overSocket = settings({ SLACK_BOT_TOKEN: 'f', SLACK_APP_TOKEN: 'g' }).slack;
  expect(overSocket).toMatchObject({ botToken: 'f', appToken: 'g', signingSecret: undefined });
  const overHttp = settings({ SLACK_BOT_TOKEN: 'f', SLACK_SIGNING_SECRET: 'h', SLACK_APP_TOKEN: '' }).slack;
  expect(overHttp).toMatchObject({ botToken: 'f', appToken: undefined, signingSecret: 'h' });
  expect(() => settings({ SLACK_BOT_TOKEN: 'f' })).toThrow(/neither SLACK_APP_TOKEN .* nor/);
  expect(() => settings({ SLACK_APP_TOKEN: 'g' })).toThrow(/SLACK_BOT_TOKEN is not/);
  expect(() => settings({ SLACK_SIGNING_SECRET: 'h' })).toThrow(/SLACK_BOT_TOKEN is not/);
});

it('GitHub takes a token or an App', () => {
  expect(settings({}).github).toBeUndefined();
  expect(settings({ GITHUB_TOKEN: 'f' }).github).toMatchObject({ token: { value: 'f' }, appId: undefined });
  const app = { GITHUB_APP_ID: '1', GITHUB_APP_PRIVATE_KEY: 'g' };
  expect(settings(app).github).toMatchObject({ appId: '1', privateKey: { value: 'g' } });
  expect(() => settings({ GITHUB_APP_ID: '1' })).toThrow(/GITHUB_APP_PRIVATE_KEY is not/);
  expect(() => settings({ GITHUB_APP_PRIVATE_KEY: 'g' })).toThrow(/GITHUB_APP_ID is not/);
  expect(() => settings({ GITHUB_WEBHOOK_SECRET: 'h' })).toThrow(/neither GITHUB_TOKEN nor an App/);
});

it('HTTP has a port, or any', () => {
  expect(settings({}).httpPort).toBe(4711);
  expect(settings({ SWE_PORT: '0' }).httpPort).toBe(0);
  for (const SWE_PORT of ['', '-1', '65536', '80a', '1e3']) {
    expect(localConfig.safeParse({ PATH: '/bin', SWE_PORT }).error?.issues[0]?.path).toEqual(['SWE_PORT']);
  }
});
