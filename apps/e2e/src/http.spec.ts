import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openForge } from '@swe/adapter-local/forge';
import { ManualClock } from '@swe/testing/memory';
import { BOT, credentialShapes, openLoopbackSlack } from '@swe/testing/servers';
import type { LoopbackSlack, SlackPost } from '@swe/testing/servers';
import { BROKEN_LIBRARY } from './broken-library';
import { openMachine } from './swe';
import type { Machine, Running } from './swe';

const [ADA, BOB, CHANNEL, DIRECT] = ['U0ADA', 'U0BOB', 'C0GENERAL', 'D0ADA'];
const SWE_MODEL = 'rehearsal/fix-failing-test';

let machine: Machine;
let slack: LoopbackSlack;
let manager: Running | undefined;
beforeEach(async () => {
  machine = openMachine();
  slack = await openLoopbackSlack({ retryAfterMs: [] });
  slack.world.addPerson(ADA, 'Ada');
  slack.world.addPerson(BOB, 'Bob');
  slack.world.addChannel(CHANNEL, 'general');
  slack.world.addChannel(DIRECT, 'ada', 'im');
  const env = { PATH: process.env['PATH'] ?? '', HOME: machine.folder };
  const forge = openForge({ folder: join(machine.folder, 'swe', 'forge'), env, clock: new ManualClock() });
  await forge.createRepository('fares', { files: BROKEN_LIBRARY });
  forge.close();
});
afterEach(async () => {
  manager?.child.kill('SIGINT');
  await manager?.ended;
  manager = undefined;
  await slack.close();
  machine.close();
});

/** What a workspace needs that reaches the twin by requests alone. */
const access = (): Record<string, string> => ({
  SLACK_BOT_TOKEN: slack.botToken,
  SLACK_SIGNING_SECRET: slack.signingSecret,
  SLACK_API_URL: slack.apiUrl,
  ADMIN_USER_ID_LIST: ADA,
  SWE_MODEL,
});

/** Where `swe up` says that it listens. */
async function up(environment: Readonly<Record<string, string>>): Promise<{ url: string; line: string }> {
  manager = machine.start(['up'], environment);
  let output = '';
  manager.child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  await manager.saw('/health');
  const [line = '', url = ''] = /^.*istening on (http:\/\/127\.0\.0\.1:\d+).*$/m.exec(output) ?? [];
  return { url, line };
}

/** Once the work on a message is done, and what came of it is said. */
async function hasPullRequest(root: SlackPost): Promise<void> {
  for (;;) {
    const said = saidIn(root.channel).filter(({ threadTs }) => threadTs === root.ts);
    const isDone = slack.world.reactionsTo(root).has('white_check_mark');
    if (isDone && JSON.stringify(said).includes('forge://fares/pulls/1')) return;
    await sleep(100);
  }
}

const saidIn = (channel: string): readonly SlackPost[] =>
  slack.world.posts.filter((post) => post.channel === channel && post.user === BOT.userId);

/** What the app has said that it is doing. */
const statuses = () =>
  slack.calls
    .filter(({ method, error }) => method === 'assistant.threads.setStatus' && error === undefined)
    .map(({ args }) => args);

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));

async function greeting(): Promise<string> {
  for (;;) {
    const [first] = saidIn(DIRECT);
    if (first !== undefined) return first.text;
    await sleep(100);
  }
}

it('swe up takes Slack’s signed requests, answers in Slack, shows the session in plain words, and writes no secret down', async () => {
  const { url } = await up({ ...access(), SWE_PORT: '0' });
  slack.requestUrl = `${url}/slack/events`;
  expect(await slack.verifyUrl('3eZbrw1a')).toMatchObject([{ answer: '{"challenge":"3eZbrw1a"}' }]);
  const text = `<@${BOT.userId}> as <@${ADA}> said, a fare &lt; 0 in forge://fares is wrong. Fix it.`;
  const { post: root, told } = slack.people.say({ by: ADA, channel: CHANNEL, text });
  expect((await told).flat().map(({ status }) => status)).toEqual([200, 200]);
  await hasPullRequest(root);

  const { stdout: listed } = await machine.swe(['sessions']);
  const sessionId = listed.slice(0, 21);
  const { stdout: shown } = await machine.swe(['show', sessionId], access());
  expect(shown.split('\n')[0]).toContain('as @Ada said, a fare < 0 in forge://fares');
  manager?.child.kill('SIGINT');
  const { stdout = '', stderr = '' } = (await manager?.ended) ?? {};
  const secrets = [slack.botToken, slack.signingSecret].flatMap((secret) => credentialShapes('x', secret));
  const written = [stdout, stderr, ...filesBelow(machine.folder)];
  expect(written.filter((text) => text.includes(sessionId))).not.toEqual([]);
  expect(secrets.filter((shape) => written.some((text) => text.includes(shape)))).toEqual([]);
  const resumed = await machine.swe(['run', '--resume', sessionId], access());
  expect(resumed.stdout).toContain('as @Ada said, a fare < 0 in forge://fares');
});

it('who opens the agent’s pane is greeted once, and sees it at work on what they then say', async () => {
  const { url } = await up({ ...access(), SWE_PORT: '0' });
  slack.requestUrl = `${url}/slack/events`;
  await slack.people.open(ADA, DIRECT).told;
  expect(await greeting()).toContain('Tell me what to do');
  await slack.people.open(ADA, DIRECT).told;
  const { post: root } = slack.people.say({ by: ADA, channel: DIRECT, text: 'Fix forge://fares.' });
  await hasPullRequest(root);
  while (statuses().at(-1)?.['status'] !== '') await sleep(100);
  const pane = { channel_id: DIRECT, thread_ts: root.ts };
  expect(statuses()[0]).toEqual({ ...pane, status: expect.stringMatching(/^is (thinking|running)/) });
  expect(statuses().at(-1)).toEqual({ ...pane, status: '' });
  expect(slack.world.panes.get(`${DIRECT}/${root.ts}`)).toEqual({ status: '' });
  expect(saidIn(DIRECT).filter(({ threadTs }) => threadTs === undefined)).toHaveLength(1);
  manager?.child.kill('SIGINT');
  const started = (await manager?.ended)?.stdout.match(/worker\.started/g);
  expect(started).toHaveLength(1);
});

it('swe up works for nobody whom ADMIN_USER_ID_LIST does not let in, and tells them alone', async () => {
  const { url } = await up({ ...access(), SWE_PORT: '0' });
  slack.requestUrl = `${url}/slack/events`;
  const { told } = slack.people.say({
    by: BOB,
    channel: CHANNEL,
    text: `<@${BOT.userId}> Fix forge://fares.`,
  });
  expect((await told).flat().map(({ status }) => status)).toEqual([200, 200]);
  while (slack.world.ephemerals.length === 0 && saidIn(CHANNEL).length === 0) await sleep(100);
  expect(slack.world.ephemerals).toMatchObject([{ user: BOB, channel: CHANNEL }]);
  expect(saidIn(CHANNEL)).toEqual([]);
  manager?.child.kill('SIGINT');
  expect((await manager?.ended)?.stdout).not.toContain('worker.started');
});

it('swe up refuses what Slack did not sign, or nobody sends, and says that it runs', async () => {
  const { url } = await up({ ...access(), SWE_PORT: '0' });
  const post = (path: string, body: string) => fetch(`${url}${path}`, { method: 'POST', body });
  expect((await post('/slack/events', '{}')).status).toBe(401);
  expect((await post('/slack/events', 'x'.repeat(1024 * 1024 + 1))).status).toBe(413);
  expect((await post('/other', '{}')).status).toBe(404);
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
});

it('swe up takes another port where its own is in use, and ends although a client is not done', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const taken = (other.address() as AddressInfo).port;
  const { url, line } = await up({ SWE_MODEL, SWE_PORT: String(taken) });
  expect(line).toBe(`Port ${taken} is in use: listening on ${url} (/health, /api/v1).`);
  expect((await fetch(`${url}/slack/events`, { method: 'POST', body: '{}' })).status).toBe(404);
  const slow = connect(Number(new URL(url).port), '127.0.0.1', () => slow.write('POST /slack'));
  slow.on('error', () => undefined);
  await new Promise((resolve) => slow.once('connect', resolve));
  manager?.child.kill('SIGINT');
  expect(await manager?.ended).toMatchObject({ exitCode: 0, stderr: '' });
  await new Promise((resolve) => other.close(resolve));
});
