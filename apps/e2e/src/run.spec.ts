import { once } from 'node:events';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { agentEvent } from '@swe/domain';
import { openLoopbackGithub, openLoopbackOpenAi } from '@swe/testing/servers';
import { z } from 'zod';
import { BROKEN_LIBRARY } from './broken-library';
import { bash, call } from './scripted-model';
import { openMachine } from './swe';
import type { Machine } from './swe';

const MODEL = ['--model', 'rehearsal/fix-failing-test'];

const runFinished = z.object({ pullRequests: z.array(z.object({ number: z.int() })) });

let machine: Machine;
beforeEach(() => {
  machine = openMachine();
});
afterEach(() => machine.close());

describe('swe run on a repository of one’s own', () => {
  it('ends in a pull request that can be fetched, and leaves the working tree alone', async () => {
    const root = machine.makeRepository('fares', BROKEN_LIBRARY);
    writeFileSync(join(root, 'notes.txt'), 'not committed');
    const before = [machine.git(root, 'status', '--porcelain'), machine.git(root, 'for-each-ref')];

    const run = await machine.swe(['run', '--repo', root, '--task', 'The fare is wrong. Fix it.', ...MODEL]);
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toContain('not committed');
    expect([machine.git(root, 'status', '--porcelain'), machine.git(root, 'for-each-ref')]).toEqual(before);

    const [, source = '', refs = ''] = /git fetch (\S+) (\S+)/.exec(run.stdout) ?? [];
    machine.git(root, 'fetch', source, refs);
    const branch = refs.split(':')[1] ?? '';
    expect(machine.git(root, 'show', `${branch}:src/fare.js`)).toContain('km * 4 + 2');
    expect(machine.git(root, 'diff', '--name-only', `main...${branch}`)).toBe('src/fare.js');
  });

  it('with --json prints one event per line and nothing else', async () => {
    const root = machine.makeRepository('fares', BROKEN_LIBRARY);
    const run = await machine.swe(['run', '--repo', root, '--task', 'Fix the fare.', '--json', ...MODEL]);
    const lines = run.stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    const last = lines.pop();
    expect(last).toMatchObject({ type: 'run.finished', exitCode: 0, pullRequests: [{ number: 1 }] });
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) agentEvent.parse(line);
    expect(run.exitCode).toBe(0);
  });

  it('whose machine is lost goes on with what was done on it', async () => {
    const root = machine.makeRepository('fares', BROKEN_LIBRARY);
    const run = await machine.swe(['run', '--repo', root, '--task', 'Fix the fare.', ...MODEL]);
    const sessionId = /Session (s\w+)/.exec(run.stdout)?.[1] ?? '';
    const disk = join(machine.folder, 'swe/sessions', sessionId);
    const workspace = join(disk, 'workspace/fares');
    const log = machine.git(workspace, 'log', '--format=%H %s %D');
    rmSync(disk, { recursive: true });

    const resumed = await machine.swe(['run', '--resume', sessionId, '--task', 'Go on.', ...MODEL]);
    expect(resumed.stdout).toContain('fares: restored as it was after entry');
    expect(machine.git(workspace, 'log', '--format=%H %s %D')).toBe(log);
    expect(machine.git(workspace, 'status', '--porcelain')).toBe('');
    expect((await machine.swe(['show', sessionId])).stdout).toContain('This is a new machine.');
  });

  it('takes the task from a file, and shows the session afterwards', async () => {
    const root = machine.makeRepository('fares', BROKEN_LIBRARY);
    writeFileSync(join(machine.folder, 'task.md'), 'The fare is wrong.\nFix it, please.\n');
    expect(await machine.swe(['run', '--repo', root, '--task', '@task.md', ...MODEL])).toMatchObject({
      exitCode: 0,
    });

    const { stdout } = await machine.swe(['sessions']);
    expect(stdout).toMatch(/^s[a-z2-7]{20} .* answered .*The fare is wrong\./);
    const shown = await machine.swe(['show', stdout.slice(0, 8)]);
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toContain('Fix it, please.');
    expect(shown.stdout).toContain('open_pull_request');
  });

  it('runs twice in parallel on one twin', async () => {
    const root = machine.makeRepository('fares', BROKEN_LIBRARY);
    const args = ['run', '--repo', root, '--task', 'Fix the fare.', '--json', ...MODEL];
    const runs = await Promise.all([machine.swe(args), machine.swe(args)]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const ends = runs.map(({ stdout }) =>
      runFinished.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')),
    );
    const numbers = ends.flatMap(({ pullRequests }) => pullRequests.map(({ number }) => number));
    expect(numbers.toSorted()).toEqual([1, 2]);
  });

  it('fails honestly when there is nothing that it can fix', async () => {
    const root = machine.makeRepository('fares', {
      ...BROKEN_LIBRARY,
      'src/fare.js': 'export const other = 1;\n',
    });
    const run = await machine.swe(['run', '--repo', root, '--task', 'Fix the fare.', ...MODEL]);
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^swe: Failed\. /) });
    expect(run.stdout).toContain('without a pull request');
    expect(run.stdout).not.toContain('Pull request:');
  });
});

describe('swe run with a model of a vendor', () => {
  it('gets through a throttled call to the answer, over the wire', async () => {
    const root = machine.makeRepository('fares', BROKEN_LIBRARY);
    const busy = { status: 429, error: { type: 'rate_limit_error', message: 'slow down' } };
    const server = await openLoopbackOpenAi([
      busy,
      { say: 'I look.', calls: [{ name: 'list_files', input: {} }] },
      { say: 'Hello from afar.' },
    ]);
    try {
      const args = ['run', '--repo', root, '--task', 'Say hello.', '--model', 'openai-compatible/any'];
      const run = await machine.swe(args, { SWE_MODEL_BASE_URL: server.url });
      expect(run.stdout).toContain('Hello from afar.');
      expect(run.stdout).toContain('slow down');
      expect(run.exitCode).toBe(0);
      expect(server.turnsLeft).toBe(0);
    } finally {
      await server.close();
    }
  });

  it('says before an answer that claims a push that there was none', async () => {
    const root = machine.makeRepository('fares', BROKEN_LIBRARY);
    const server = await openLoopbackOpenAi([
      { calls: [call('clone_repository', { repository: 'forge://fares' })] },
      { calls: [bash('cd fares && echo >> src/fare.js && git commit -qam x && echo >> src/fare.js')] },
      { say: 'I pushed it and opened a pull request.' },
    ]);
    try {
      const args = ['run', '--repo', root, '--task', 'Fix it.', '--model', 'openai-compatible/any'];
      const run = await machine.swe(args, { SWE_MODEL_BASE_URL: server.url });
      expect(run.stdout).toMatch(
        /Not pushed: 1 commit and 1 changed file in \S*fares[^]*by the harness[^]*I pushed it and opened/,
      );
    } finally {
      await server.close();
    }
  });
});

describe('Ctrl-C', () => {
  it('stops the turn, ends its processes, and leaves a session that was stopped', async () => {
    // A process in a sandbox has another number there and sees no file of ours; its connection ends when it does.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = z.object({ port: z.int() }).parse(server.address());
    const connected = once(server, 'connection');
    const hanging = `node -e "require('node:net').connect(${port}, '127.0.0.1'); console.log('hanging')"`;
    const root = machine.makeRepository('hang', {
      'package.json': JSON.stringify({ name: 'hang', scripts: { test: hanging } }),
    });
    const run = machine.start(['run', '--repo', root, '--task', 'Fix it.', ...MODEL]);
    await run.saw('* bash');
    const [socket]: Socket[] = await connected;
    const over = new Promise((resolve) =>
      socket
        ?.on('error', () => undefined)
        .resume()
        .once('close', resolve),
    );
    run.child.kill('SIGINT');
    expect(await run.ended).toMatchObject({ exitCode: 130 });
    await over;
    server.close();
    expect((await machine.swe(['sessions'])).stdout).toContain('stopped');
  });
});

describe('swe doctor', () => {
  it('finds all well on a machine that has everything', async () => {
    const { exitCode, stdout } = await machine.swe(['doctor', ...MODEL]);
    expect(stdout).not.toContain('FAIL');
    expect(exitCode).toBe(0);
    // What it could be connected to, and how.
    expect(stdout).toMatch(/-- +slack +not connected: set SLACK_BOT_TOKEN/);
    expect(stdout).toMatch(/-- +github +not connected: set GITHUB_TOKEN/);
  });

  it('names what is missing', async () => {
    machine.emptyPath();
    const { exitCode, stdout } = await machine.swe(['doctor']);
    expect(exitCode).toBe(1);
    for (const step of ['git', 'bash', 'model']) expect(stdout).toContain(`FAIL ${step}`);
  });

  it('asks GitHub who it is there, and names what its token lacks, without the token', async () => {
    const github = await openLoopbackGithub();
    github.world.addUser('swe-agent');
    const { serverUrl, apiUrl, tokens } = github;
    const look = (GITHUB_TOKEN: string) => {
      const environment = { GITHUB_SERVER_URL: serverUrl, GITHUB_API_URL: apiUrl, GITHUB_TOKEN };
      return machine.swe(['doctor', ...MODEL], environment);
    };
    const [good, poor] = [tokens.addClassic('swe-agent'), tokens.addClassic('swe-agent', ['gist'])];
    const found = [await look(good), await look(poor), await look('ghp_other')];
    await github.close();
    expect(found.map(({ exitCode }) => exitCode)).toEqual([0, 1, 1]);
    expect(found[0]?.stdout).toMatch(/ok +github +@swe-agent on /);
    expect(found[1]?.stdout.replaceAll(/\s+/g, ' ')).toContain('lacks the scope repo (it has gist)');
    expect(found[2]?.stdout).toMatch(/FAIL +github +.*Bad credentials/);
    const said = found.map(({ stdout, stderr }) => stdout + stderr).join('');
    for (const token of [good, poor, 'ghp_other']) expect(said).not.toContain(token);
  });
});

describe('bad input is one line that says what to do, exit code 2, and nothing left behind', () => {
  const task = ['--task', 'Fix it.'];

  async function expectRefused(args: readonly string[], words: RegExp, environment = {}): Promise<void> {
    const run = await machine.swe(args, environment);
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(words);
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(run.exitCode).toBe(2);
    const { stdout } = await machine.swe(['sessions']);
    expect(stdout).toContain('No sessions yet');
    expect(machine.left()).toEqual([]);
  }

  it('no such repository', () => expectRefused(['run', '--repo', 'nowhere', ...task, ...MODEL], /nowhere/));

  it('a folder that is no git repository', () => {
    mkdirSync(join(machine.folder, 'plain'));
    return expectRefused(['run', '--repo', 'plain', ...task, ...MODEL], /plain .*git init/);
  });

  it('a repository without a commit', () => {
    mkdirSync(join(machine.folder, 'empty'));
    machine.git(join(machine.folder, 'empty'), 'init', '--quiet');
    return expectRefused(['run', '--repo', 'empty', ...task, ...MODEL], /commit/);
  });

  it('an address that cannot be cloned', () =>
    expectRefused(['run', '--repo', 'http://127.0.0.1:1/x.git', ...task, ...MODEL], /127\.0\.0\.1/));

  it('an issue that does not exist', () =>
    expectRefused(['run', '--task', 'forge://nowhere/issues/1', ...MODEL], /forge:\/\/nowhere/));

  it('an issue on a host that is not connected', () =>
    expectRefused(
      ['run', '--task', 'https://github.com/o/r/issues/1', ...MODEL],
      /github\.com.*not connected/,
    ));

  it('no repository at all', () => expectRefused(['run', ...task, ...MODEL], /--repo/));

  it('an empty task', () => expectRefused(['run', '--repo', '.', '--task', ' ', ...MODEL], /empty/));

  it('a task file that cannot be read', () =>
    expectRefused(['run', '--repo', '.', '--task', '@nowhere.md', ...MODEL], /nowhere\.md/));

  it('no model', () => expectRefused(['run', '--repo', '.', ...task], /SWE_MODEL/));

  it('an unknown model', () =>
    expectRefused(['run', '--repo', '.', ...task, '--model', 'nobody/knows'], /nobody\/knows/));

  it('an unknown rehearsal', () =>
    expectRefused(['run', '--repo', '.', ...task, '--model', 'rehearsal/nothing'], /fix-failing-test/));

  it('an unknown option', () => expectRefused(['run', ...task, '--wrong'], /--wrong/));

  it('an unknown command', () => expectRefused(['walk'], /walk/));

  it('an unknown session', () => expectRefused(['show', 'sxyz'], /sxyz.*swe sessions/));

  it('no git on the path', async () => {
    const root = machine.makeRepository('fares', BROKEN_LIBRARY);
    machine.emptyPath();
    await expectRefused(['run', '--repo', root, ...task, ...MODEL], /git .*install|install.* git/i);
  });

  const asRoot = process.getuid?.() === 0 ? it.skip : it;
  asRoot('a home that cannot be written (skipped as root, whom no permission stops)', async () => {
    const locked = join(machine.folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    const run = await machine.swe(['sessions'], { SWE_HOME: join(locked, 'swe') });
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/locked/) });
  });

  it('a home that no folder can be made for', async () => {
    const run = await machine.swe(['sessions'], { SWE_HOME: '/proc/swe' });
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/\/proc\/swe/) });
  });

  it('a home that is a file', async () => {
    writeFileSync(join(machine.folder, 'file'), '');
    const run = await machine.swe(['sessions'], { SWE_HOME: join(machine.folder, 'file') });
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/file/) });
  });
});
