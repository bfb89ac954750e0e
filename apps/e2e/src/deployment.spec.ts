import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  deployAccount,
  openLoopbackAws,
  openLoopbackBedrock,
  openLoopbackGithub,
  openLoopbackSlack,
} from '@swe/testing/servers';
import { sitDown } from './seat';
import { openMachine } from './swe';
import type { Machine } from './swe';

const BOT = '/remote-swe/slack/bot-token';
const SIGNING = '/remote-swe/slack/signing-secret';
const TOKEN = '/remote-swe/github/personal-access-token';
const HOOK = '/remote-swe/github/webhook-secret';
const CTRL_C = '\u0003';

/** An account that is bootstrapped and nothing else, and the vendors. */
async function openCloud() {
  const [aws, slack, github, bedrock] = await Promise.all([
    openLoopbackAws(),
    openLoopbackSlack(),
    openLoopbackGithub(),
    openLoopbackBedrock(() => ({ say: 'Yes.' })),
  ]);
  github.world.addUser('swe-agent');
  const vendors = {
    SLACK_API_URL: slack.apiUrl,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_SERVER_URL: github.serverUrl,
  };
  aws.account.parameters.set('/cdk-bootstrap/hnb659fds/version', { type: 'String', value: '27' });
  return {
    account: aws.account,
    vendors,
    secrets: {
      bot: slack.botToken,
      signing: slack.signingSecret,
      token: github.tokens.addClassic('swe-agent'),
      hook: github.webhookSecret,
    },
    environment: {
      ...vendors,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIALOOPBACK',
      AWS_SECRET_ACCESS_KEY: 'loopback-secret-key',
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
    },
    close: () => Promise.all([aws, slack, github, bedrock].map((server) => server.close())),
  };
}

let machine: Machine;
let cloud: Awaited<ReturnType<typeof openCloud>>;
beforeEach(async () => {
  machine = openMachine();
  cloud = await openCloud();
});
afterEach(async () => {
  machine.close();
  await cloud.close();
});

const stored = (): readonly string[] =>
  [...cloud.account.parameters.keys()].filter((name) => name.startsWith('/remote-swe/'));

it('swe setup where nobody can be asked says what is missing, and stores nothing', async () => {
  const { exitCode, stdout, stderr } = await machine.swe(['setup'], cloud.environment);
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/ok {3}credentials +account 111122223333/);
  expect(stdout).toMatch(/ok {3}model +bedrock\S+ answers/);
  for (const name of [BOT, SIGNING, TOKEN]) {
    expect(stdout).toMatch(new RegExp(`FAIL [a-z ]+ ${name}: is not stored yet`));
  }
  expect(stdout).toContain('Not deployed yet: npx nx run-many -t deploy');
  expect(stderr).toContain('aws ssm put-parameter --type SecureString');
  expect(stored()).toEqual([]);
});

const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux');
const onTerminal = hasScript ? describe : describe.skip;

onTerminal('swe setup at a terminal (skipped where util-linux has no `script`)', () => {
  it('stores what it is told, can be broken off, and goes on where it was', async () => {
    const { secrets, environment, account } = cloud;
    const first = sitDown(machine, ['setup'], environment);
    await first.sees('Bot User OAuth Token (xoxb-...), or Enter');
    first.type(`xoxb-wrong\r`);
    await first.sees('invalid_auth');
    first.type(`${secrets.bot}\r`);
    await first.sees('Signing Secret, or Enter');
    first.type(CTRL_C);
    expect(await first.ended).toBe(130);
    expect(first.screen()).toContain('What is stored stays stored');
    expect(stored()).toEqual([BOT]);

    const second = sitDown(machine, ['setup'], environment);
    await second.sees('Signing Secret, or Enter');
    second.type(`${secrets.signing}\r`);
    await second.sees('[token/app]');
    second.type('token\r');
    await second.sees('Personal access token, or Enter');
    second.type(`${secrets.token}\r`);
    await second.sees('Webhook secret, or Enter');
    second.type(`${secrets.hook}\r`);
    expect(await second.ended).toBe(0);
    expect(stored()).toEqual([BOT, SIGNING, TOKEN, HOOK]);
    expect([...account.parameters.values()].map(({ type }) => type)).not.toContain(undefined);
    expect(account.parameters.get(TOKEN)).toEqual({ type: 'SecureString', value: secrets.token });

    for (const seat of [first, second]) {
      for (const secret of [...Object.values(secrets), 'xoxb-wrong']) {
        expect(seat.screen()).not.toContain(secret);
      }
    }
  });

  it('replaces what is stored when that is said, and only then', async () => {
    const { secrets, environment, account } = cloud;
    account.parameters.set(BOT, { type: 'SecureString', value: 'xoxb-revoked' });
    const kept = sitDown(machine, ['setup'], environment);
    await kept.sees(`Replace ${BOT}? [y/N]`);
    kept.type('\r');
    await kept.sees('Signing Secret, or Enter');
    kept.type(CTRL_C);
    expect(await kept.ended).toBe(130);
    expect(account.parameters.get(BOT)?.value).toBe('xoxb-revoked');

    const replaced = sitDown(machine, ['setup'], environment);
    await replaced.sees(`Replace ${BOT}? [y/N]`);
    replaced.type('y\r');
    await replaced.sees('Bot User OAuth Token (xoxb-...), or Enter');
    replaced.type(`${secrets.bot}\r`);
    await replaced.sees('Signing Secret, or Enter');
    replaced.type(CTRL_C);
    expect(await replaced.ended).toBe(130);
    expect(account.parameters.get(BOT)?.value).toBe(secrets.bot);
  });
});

it('once deployed, swe setup gives the manifest with the address, and swe doctor --aws names what is wrong', async () => {
  const { secrets, environment, account, vendors } = cloud;
  const ingressUrl = 'http://127.0.0.1:2';
  deployAccount(account, {
    environment: 'main',
    ingressUrl,
    variables: {
      ...vendors,
      SWE_MODEL: 'bedrock/global.anthropic.claude-opus-5-5',
      SWE_EVENTS_HTTP_URL: `${ingressUrl}/`,
      SWE_EVENTS_REALTIME_URL: 'ws://127.0.0.1:2/',
    },
    parameters: {
      [BOT]: secrets.bot,
      [SIGNING]: secrets.signing,
      [TOKEN]: secrets.token,
      [HOOK]: secrets.hook,
    },
  });
  const setup = await machine.swe(['setup'], environment);
  expect(setup.exitCode).toBe(0);
  const manifest = JSON.parse(/^\{$[^]*^\}$/m.exec(setup.stdout)?.[0] ?? '');
  expect(manifest.settings.event_subscriptions.request_url).toBe(`${ingressUrl}/slack/events`);
  expect(setup.stdout).toContain(`${ingressUrl}/github/webhooks`);

  account.rules.clear();
  const doctor = await machine.swe(['doctor', '--aws'], environment);
  expect(doctor.exitCode).toBe(1);
  // In one line, whatever the width.
  const told = doctor.stdout.replaceAll(/\s+/g, ' ');
  expect(told).toMatch(/ok table swe-main, 42 items/);
  expect(told).toMatch(/FAIL sweep [^.]*: there is no rule swe-main-worker-manager-sweep, deploy it/);
  expect(told).toMatch(/FAIL slack url http:\/\/127\.0\.0\.1:2\/slack\/events can't be reached/);
});
