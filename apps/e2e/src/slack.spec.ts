import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openForge } from '@swe/adapter-local/forge';
import { ManualClock } from '@swe/testing/memory';
import { BOT, openLoopbackOpenAi, openLoopbackSlack } from '@swe/testing/servers';
import type { LoopbackServer, LoopbackSlack, SlackPost } from '@swe/testing/servers';
import { BROKEN_LIBRARY } from './broken-library';
import { bash, played } from './scripted-model';
import { openMachine } from './swe';
import type { Machine, Running } from './swe';

jest.setTimeout(120_000);

const CHANNEL = 'C0GENERAL';
const ADA = 'U0ADA';

let machine: Machine;
let slack: LoopbackSlack;
let model: LoopbackServer | undefined;
let manager: Running | undefined;
beforeEach(async () => {
  machine = openMachine();
  slack = await openLoopbackSlack();
  slack.world.addPerson(ADA, 'Ada');
  slack.world.addChannel(CHANNEL, 'general');
  const env = { PATH: process.env['PATH'] ?? '', HOME: machine.folder };
  const forge = openForge({ folder: join(machine.folder, 'swe', 'forge'), env, clock: new ManualClock() });
  await forge.createRepository('fares', { files: BROKEN_LIBRARY });
  forge.close();
});
afterEach(async () => {
  manager?.child.kill('SIGINT');
  await manager?.ended;
  manager = undefined;
  await model?.close();
  model = undefined;
  await slack.close();
  machine.close();
});

const access = (): Record<string, string> => ({
  SLACK_BOT_TOKEN: slack.botToken,
  SLACK_APP_TOKEN: slack.appToken,
  SLACK_API_URL: slack.apiUrl,
});

async function up(environment: Readonly<Record<string, string>>): Promise<Running> {
  manager = machine.start(['up'], { ...access(), ADMIN_USER_ID_LIST: ADA, ...environment });
  await manager.saw('Listening to Slack as @swe in Acme.');
  return manager;
}

function mention(words: string, threadTs?: string): SlackPost {
  const text = `<@${BOT.userId}> ${words}`;
  return slack.people.say({ by: ADA, channel: CHANNEL, text, ...(threadTs !== undefined && { threadTs }) })
    .post;
}

/** The agent's mark on a message, once it is one of these. */
async function marked(post: SlackPost, ...wanted: readonly string[]): Promise<string> {
  for (;;) {
    const marks = [...slack.world.reactionsTo(post)].filter(([, users]) => users.includes(BOT.userId));
    const mark = marks.map(([name]) => name).find((name) => wanted.includes(name));
    if (mark !== undefined) return mark;
    await sleep(100);
  }
}

const said = (root: SlackPost): string =>
  slack.world
    .repliesTo(root)
    .filter(({ user }) => user === BOT.userId)
    .map(({ text, blocks }) => `${text}\n${JSON.stringify(blocks)}`)
    .join('\n');

/** The processes whose environment names this test's folder. */
const processesHere = (): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(machine.folder);
    } catch {
      return false;
    }
  });

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('swe up in a Slack workspace (Linux, where processes are found by their environment)', () => {
  it('answers a mention in its thread with a pull request, and hears the next one there', async () => {
    const { child, ended } = await up({ SWE_MODEL: 'rehearsal/fix-failing-test' });
    const root = mention('the fare in forge://fares is wrong. Fix it.');
    expect(await marked(root, 'white_check_mark', 'x')).toBe('white_check_mark');
    expect(said(root)).toContain('forge://fares/pulls/1');

    const next = mention('and once more: forge://fares', root.ts);
    await marked(next, 'white_check_mark', 'speech_balloon', 'x');

    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.match(/worker\.started/g)).not.toBeNull();
    expect(processesHere()).toEqual([]);
    expect(stdout).not.toContain(slack.botToken);
  });

  it('stops when it is told to, and Ctrl-C leaves no process', async () => {
    model = await openLoopbackOpenAi(
      played(function* () {
        yield { calls: [bash('sleep 600', { timeout_seconds: 600 })] };
      }),
    );
    const { child, ended } = await up({
      SWE_MODEL: 'openai-compatible/loopback',
      SWE_MODEL_BASE_URL: model.url,
    });
    const root = mention('wait for ten minutes');
    await marked(root, 'hourglass_flowing_sand');
    mention('stop', root.ts);
    await marked(root, 'x', 'white_check_mark', 'speech_balloon');
    expect(said(root)).toMatch(/stopped/i);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ exitCode: 0 });
    expect(processesHere()).toEqual([]);
  });

  it('warns when everybody may have it work', async () => {
    manager = machine.start(['up'], { ...access(), SWE_MODEL: 'rehearsal/fix-failing-test' });
    await manager.saw('Listening to Slack');
    manager.child.kill('SIGINT');
    expect((await manager.ended).stderr).toContain('Set ADMIN_USER_ID_LIST');
  });
});

describe('tokens that Slack does not take', () => {
  it('end swe up with what mends it, and swe doctor names them', async () => {
    const environment = {
      ...access(),
      SLACK_APP_TOKEN: 'xapp-other',
      SWE_MODEL: 'rehearsal/fix-failing-test',
    };
    const ended = await machine.swe(['up'], environment);
    expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('invalid_auth') });
    const { stdout } = await machine.swe(['doctor'], environment);
    expect(stdout).toMatch(/ok +slack bot +@swe in Acme/);
    expect(stdout).toMatch(/FAIL +slack app .*\n?.*invalid_auth/);
  });
});
