import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLoopbackOpenAi } from '@swe/testing/servers';
import type { LoopbackServer } from '@swe/testing/servers';
import { bash, played } from './scripted-model';
import { openSlackTwin } from './slack-twin';
import type { SlackTwin } from './slack-twin';

let twin: SlackTwin;
let model: LoopbackServer | undefined;
beforeEach(async () => {
  twin = await openSlackTwin();
});
afterEach(async () => {
  await twin.close();
  await model?.close();
  model = undefined;
});

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('swe up in a Slack workspace (Linux, where processes are found by their environment)', () => {
  it('answers a mention in its thread with a pull request, and hears the next one there', async () => {
    const { child, ended } = await twin.up({ SWE_MODEL: 'rehearsal/fix-failing-test' });
    const root = twin.mention('the fare in forge://fares is wrong. Fix it.');
    expect(await twin.marked(root, 'white_check_mark', 'x')).toBe('white_check_mark');
    await twin.posted(root, 'forge://fares/pulls/1');

    const next = twin.mention('and once more: forge://fares', root.ts);
    await twin.marked(next, 'white_check_mark', 'speech_balloon', 'x');

    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.match(/worker\.started/g)).not.toBeNull();
    expect(twin.processes()).toEqual([]);
    expect(stdout).not.toContain(twin.slack.botToken);
  });

  it('stops when it is told to, and Ctrl-C leaves no process', async () => {
    model = await openLoopbackOpenAi(
      played(function* () {
        yield { calls: [bash('sleep 600', { timeout_seconds: 600 })] };
      }),
    );
    const { child, ended } = await twin.up({
      SWE_MODEL: 'openai-compatible/loopback',
      SWE_MODEL_BASE_URL: model.url,
    });
    const root = twin.mention('wait for ten minutes');
    await twin.marked(root, 'hourglass_flowing_sand');
    twin.mention('stop', root.ts);
    await twin.marked(root, 'x', 'white_check_mark', 'speech_balloon');
    await twin.posted(root, 'Stopped.');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ exitCode: 0 });
    expect(twin.processes()).toEqual([]);
  });

  it('warns when everybody may have it work', async () => {
    const { access, machine } = twin;
    const manager = machine.start(['up'], { ...access, SWE_MODEL: 'rehearsal/fix-failing-test' });
    await manager.saw('Listening to Slack');
    manager.child.kill('SIGINT');
    expect((await manager.ended).stderr).toContain('Set ADMIN_USER_ID_LIST');
  });
});

describe('tokens that Slack does not take', () => {
  it('end swe up with what mends it, and swe doctor names them', async () => {
    const { access, machine } = twin;
    const environment = {
      ...access,
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
