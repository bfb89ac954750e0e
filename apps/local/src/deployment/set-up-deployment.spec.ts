import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { APP_PERMISSIONS } from '@swe/adapter-github/app-manifest';
import { deploymentConfig } from '@swe/config/deployment';
import type { Finding } from '@swe/application/local';
import { loadConfig, systemClock, systemRandom } from '@swe/runtime';
import {
  openLoopbackAws,
  openLoopbackBedrock,
  openLoopbackGithub,
  openLoopbackSlack,
} from '@swe/testing/servers';
import type { LoopbackAws, LoopbackGithub, LoopbackServer, LoopbackSlack } from '@swe/testing/servers';
import { deploymentOpener } from './deployment-opener';
import { deploymentSettingsOf } from './deployment-settings';
import { setUpDeployment } from './set-up-deployment';

const KEY = '/remote-swe/github/app-private-key';
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

let servers: readonly [LoopbackAws, LoopbackSlack, LoopbackGithub, LoopbackServer];
let environment: Record<string, string>;
let appId: string;
let folder: string;
let before: NodeJS.ProcessEnv;
beforeEach(async () => {
  before = process.env;
  folder = mkdtempSync(join(tmpdir(), 'swe-setup-'));
  const app = { slug: 'swe', publicKey, permissions: APP_PERMISSIONS };
  servers = await Promise.all([
    openLoopbackAws(),
    openLoopbackSlack(),
    openLoopbackGithub({ app }),
    openLoopbackBedrock(() => ({ say: 'Yes.' })),
  ]);
  const [{ account, endpoint }, slack, { world, apiUrl, serverUrl }, bedrock] = servers;
  world.addUser('acme', 'Organization');
  world.install('swe', 'acme');
  appId = String(world.apps.get('swe')?.id);
  account.parameters.set('/cdk-bootstrap/hnb659fds/version', { type: 'String', value: '27' });
  account.parameters.set('/remote-swe/slack/bot-token', { type: 'SecureString', value: slack.botToken });
  account.parameters.set('/remote-swe/slack/signing-secret', {
    type: 'SecureString',
    value: slack.signingSecret,
  });
  environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIALOOPBACK',
    AWS_SECRET_ACCESS_KEY: 'loopback-secret-key',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
    SLACK_API_URL: slack.apiUrl,
    GITHUB_API_URL: apiUrl,
    GITHUB_SERVER_URL: serverUrl,
  };
});
afterEach(async () => {
  process.env = before;
  rmSync(folder, { recursive: true });
  await Promise.all(servers.map((server) => server.close()));
});

/** Sets up with somebody who answers with these words, or with nobody. */
async function setUp(answers: readonly string[] | 'nobody') {
  process.env = { ...environment };
  const settings = deploymentSettingsOf(loadConfig(deploymentConfig, environment));
  const findings: Finding[] = [];
  const said: string[] = [];
  const left = answers === 'nobody' ? [] : [...answers];
  const answer = async (question: string): Promise<string> => {
    const next = left.shift();
    if (next === undefined) throw new Error(`nobody expected to be asked: ${question}`);
    return next;
  };
  const isComplete = await setUpDeployment({
    deployment: deploymentOpener(settings, { clock: systemClock, random: systemRandom }),
    settings,
    clock: systemClock,
    operator: answers === 'nobody' ? undefined : { ask: answer, askSecretly: answer },
    show: (finding) => findings.push(finding),
    say: (words) => said.push(words),
    signal: new AbortController().signal,
  });
  expect(left).toEqual([]);
  return { isComplete, findings, said: said.join('\n') };
}

const stored = (name: string): string | undefined => servers[0].account.parameters.get(name)?.value;

it('an App is known by its id, and its key is taken from the file', async () => {
  const file = join(folder, 'swe.private-key.pem');
  writeFileSync(file, privateKey);
  const { isComplete, said, findings } = await setUp(['App', appId, join(folder, 'none.pem'), file, '']);
  expect(findings.filter(({ ok }) => !ok).map(({ step, detail }) => `${step} ${detail}`)).toEqual([
    `github ${KEY}: is not stored yet`,
    expect.stringContaining('ENOENT'),
    expect.stringContaining('github hook'),
  ]);
  expect(isComplete).toBe(true);
  expect(stored(KEY)).toBe(privateKey);
  expect(said).toContain(`export GITHUB_APP_ID=${appId}`);
  expect(JSON.stringify([said, findings])).not.toContain('PRIVATE KEY');
});

it('an App whose key is stored is asked about no more, once its id is set', async () => {
  servers[0].account.parameters.set(KEY, { type: 'SecureString', value: privateKey });
  const without = await setUp('nobody');
  expect(without.isComplete).toBe(false);
  expect(without.findings.find(({ step }) => step === 'github')?.detail).toContain('set GITHUB_APP_ID');
  environment['GITHUB_APP_ID'] = appId;
  const { isComplete, findings } = await setUp('nobody');
  expect(isComplete).toBe(true);
  expect(findings.find(({ step }) => step === 'github')?.detail).toContain('swe[bot]');
});

it('what has nothing to do with secrets is told as well, and the secrets are asked for all the same', async () => {
  servers[0].account.parameters.delete('/cdk-bootstrap/hnb659fds/version');
  const { isComplete, findings } = await setUp(['token', '', '']);
  expect(isComplete).toBe(false);
  const bootstrap = findings.find(({ step }) => step === 'bootstrap');
  expect(bootstrap?.detail).toContain('npx cdk bootstrap');
});
