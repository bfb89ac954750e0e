import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { githubAccess, githubOfTwin, githubWebhook } from './github';

const access = z.object(githubAccess);

describe('GitHub in the environment', () => {
  it('is github.com, with secrets where the deployment keeps them, unless it says otherwise', () => {
    expect(access.parse({})).toEqual({
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_TOKEN_PARAMETER: '/remote-swe/github/personal-access-token',
      GITHUB_APP_PRIVATE_KEY_PARAMETER: '/remote-swe/github/app-private-key',
    });
    expect(z.object(githubWebhook).parse({})).toEqual({
      GITHUB_WEBHOOK_SECRET_PARAMETER: '/remote-swe/github/webhook-secret',
    });
    expect(z.object(githubOfTwin).parse({ GITHUB_TOKEN: 'ghp_1' })).toEqual({
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_TOKEN: 'ghp_1',
    });
  });

  it('has a label where one is named', () => {
    const labelOf = (GITHUB_LABEL: string) => z.object(githubWebhook).parse({ GITHUB_LABEL }).GITHUB_LABEL;
    expect([labelOf(' swe '), labelOf(' ')]).toEqual(['swe', undefined]);
  });

  it('knows who the agent is where that is said, and takes no other words for it', () => {
    const webhook = z.object(githubWebhook);
    for (const GITHUB_LOGIN of ['swe-agent', 'swe[bot]', undefined]) {
      expect(webhook.parse({ GITHUB_LOGIN }).GITHUB_LOGIN).toBe(GITHUB_LOGIN);
    }
    expect(webhook.safeParse({ GITHUB_LOGIN: '@swe agent' }).success).toBe(false);
  });

  it('names an App by its number or its client id', () => {
    const app = { GITHUB_APP_ID: 'Iv23liabc', GITHUB_INSTALLATION_ID: '42' };
    expect(access.parse(app)).toMatchObject({ GITHUB_APP_ID: 'Iv23liabc', GITHUB_INSTALLATION_ID: 42 });
  });

  it.each([
    ['GITHUB_SERVER_URL', 'github.com'],
    ['GITHUB_API_URL', 'file:///etc/passwd'],
    ['GITHUB_APP_ID', 'my app'],
    ['GITHUB_INSTALLATION_ID', '4e2'],
  ])('refuses %s=%s', (name, value) => {
    const wrong = access.safeParse({ [name]: value }).error?.issues.map(({ path }) => path.join('.'));
    expect(wrong).toEqual([name]);
  });
});
