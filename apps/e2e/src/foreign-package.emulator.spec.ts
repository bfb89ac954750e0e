import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lastResults, openLoopbackAnthropic, wordsOfUser } from '@swe/testing/servers';
import type { LoopbackServer } from '@swe/testing/servers';
import { unpackNpmPackage } from './npm-package';
import { bash, call, found, played } from './scripted-model';
import type { ModelScript } from './scripted-model';
import { openMachine } from './swe';
import type { Machine } from './swe';

/** Small, without dependencies, and with its tests in the package, which need Node only. */
const COLORS = {
  name: 'colors',
  version: '1.0.3',
  integrity:
    'sha512-pFGrxThWcWQ2MsAz6RtgeWe4NK2kUE1WfsrvvlctdII745EW9I0yflqhe7++M5LEc7bV2c/9/5zc8sFcpL0Drw==',
};
/** Off a terminal the package prints no colours, and fails its own tests, unless it is told to. */
const TESTS = ['tests/basic-test.js', 'tests/safe-test.js'].map((file) => [file, '--color'] as const);
const RUN_TESTS = TESTS.map((args) => `node ${args.join(' ')}`).join(' && ');

interface Log {
  before?: string | undefined;
  search?: string | undefined;
  after?: string | undefined;
}

function repair(log: Log): ModelScript {
  return function* (first) {
    const repository = found(/(forge:\/\/\S+)/, wordsOfUser(first)[0]);
    yield { say: 'I bring it in.', calls: [call('clone_repository', { repository })] };
    yield {
      say: 'I look around.',
      calls: [
        call('list_files', { path: 'colors', depth: 3 }),
        call('read_file', { path: 'colors/package.json' }),
      ],
    };
    log.before = lastResults(yield { calls: [bash(`cd colors && ${RUN_TESTS}`)] })[0];
    log.search = lastResults(
      yield { calls: [call('search', { pattern: '\\bred:', path: 'colors/lib' })] },
    )[0];
    const path = found(/^([^:]+):\d+:/m, log.search);
    yield { calls: [call('read_file', { path })] };
    const edit = { oldText: 'red: [32, 39]', newText: 'red: [31, 39]' };
    yield { calls: [call('edit_file', { path, edits: [edit] })] };
    log.after = lastResults(yield { calls: [bash(RUN_TESTS)] })[0];
    yield { calls: [bash('git commit --all --quiet --message="Give red its own code"')] };
    const request = { directory: 'colors', title: 'Give red its own code', body: `Checked by ${RUN_TESTS}.` };
    yield { calls: [call('open_pull_request', request)] };
    yield { say: 'Red is red again.' };
  };
}

describe('a job on a package that is not ours', () => {
  let machine: Machine;
  let server: LoopbackServer | undefined;
  beforeEach(() => {
    machine = openMachine();
  });
  afterEach(async () => {
    machine.close();
    await server?.close();
  });

  it('ends in a pull request that makes the package’s own tests pass', async () => {
    const root = join(machine.folder, 'colors');
    unpackNpmPackage(COLORS, root);
    const styles = join(root, 'lib/styles.js');
    const broken = readFileSync(styles, 'utf8').replace('red: [31, 39]', 'red: [32, 39]');
    writeFileSync(styles, broken);
    machine.commitAll(root);

    const log: Log = {};
    server = await openLoopbackAnthropic(played(repair(log)));
    const task = 'Red comes out as green. Fix it.';
    const run = await machine.swe(
      ['run', '--repo', root, '--task', task, '--model', 'anthropic/claude-sonnet-5-5'],
      { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'sk-ant-loopback' },
    );
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(log.before).toContain('AssertionError');
    expect(log.after).toContain('exit code 0');

    const [, source = '', refs = ''] = /git fetch (\S+) (\S+)/.exec(run.stdout) ?? [];
    const branch = refs.split(':')[0] ?? '';
    expect(testsOf('main', source)).toContain(1);
    expect(testsOf(branch, source)).toEqual([0, 0]);
    expect(machine.git(join(machine.folder, branch), 'diff', '--numstat', 'origin/main')).toBe(
      '1\t1\tlib/styles.js',
    );
  });

  /** The exit codes of the package's own tests in a fresh clone of `branch`. */
  function testsOf(branch: string, source: string): readonly (number | null)[] {
    machine.git(machine.folder, 'clone', '--quiet', '--branch', branch, source, branch);
    return TESTS.map((args) => machine.runProgram(branch, 'node', ...args));
  }
});
