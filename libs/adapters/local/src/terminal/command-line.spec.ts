import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import { runCommandLine } from './command-line';
import type { Handlers } from './command-line';
import { EXIT_CODES } from './exit-codes';

async function typed(args: readonly string[], over: Partial<Handlers> = {}) {
  const calls: unknown[] = [];
  const output = { out: '', err: '' };
  const note =
    (name: string) =>
    async (...given: readonly unknown[]) => {
      calls.push([name, ...given]);
      return EXIT_CODES.done;
    };
  const handlers: Handlers = {
    run: note('run'),
    demo: note('demo'),
    up: note('up'),
    stop: note('stop'),
    work: note('work'),
    sessions: async () => note('sessions')(),
    doctor: note('doctor'),
    setup: async () => note('setup')(),
    show: note('show'),
    export: note('export'),
    replay: note('replay'),
    cost: note('cost'),
    createKey: note('createKey'),
    listKeys: note('listKeys'),
    revokeKey: note('revokeKey'),
    ...over,
  };
  const exitCode = await runCommandLine(args, handlers, {
    out: (text) => (output.out += text),
    err: (text) => (output.err += text),
  });
  return { exitCode, calls, ...output };
}

const failing = (error: Error): Partial<Handlers> => ({ sessions: () => Promise.reject(error) });

describe('the command line', () => {
  it('hands a run its options', async () => {
    const { calls } = await typed(['run', '--repo', '.', '--task', ' Fix it. ', '--model', 'a/b', '--json']);
    expect(calls).toEqual([['run', { repo: '.', task: 'Fix it.', model: 'a/b', detach: false, json: true }]]);
  });

  it('takes an agent by its name', async () => {
    expect((await typed(['run', '--task', 'Fix it.', '--agent', 'reviewer'])).calls).toEqual([
      ['run', { task: 'Fix it.', agent: 'reviewer', detach: false, json: false }],
    ]);
  });

  it('takes a budget in US dollars', async () => {
    expect((await typed(['up', '--budget', '2.50'])).calls).toEqual([['up', { budget: 2.5 }]]);
    expect((await typed(['run', '--resume', 's', '--budget', '20'])).calls).toEqual([
      ['run', { resume: 's', budget: 20, detach: false, json: false }],
    ]);
  });

  it('exports to a file, and replays one or several', async () => {
    expect((await typed(['export', 's1'])).calls).toEqual([['export', 's1', {}]]);
    expect((await typed(['export', 's1', '--out', 'a.gz'])).calls).toEqual([
      ['export', 's1', { out: 'a.gz' }],
    ]);
    expect((await typed(['replay', 'a', 'b'])).calls).toEqual([['replay', ['a', 'b'], { accept: false }]]);
    expect((await typed(['replay', 'a', '--accept'])).calls).toEqual([['replay', ['a'], { accept: true }]]);
    expect((await typed(['replay'])).exitCode).toBe(EXIT_CODES.badInput);
  });

  it('takes what costs are told apart by, and of which month', async () => {
    expect((await typed(['cost'])).calls).toEqual([['cost', undefined, { by: 'model' }]]);
    expect((await typed(['cost', 's1', '--by', 'month', '--month', '2026-11'])).calls).toEqual([
      ['cost', 's1', { by: 'month', month: '2026-11' }],
    ]);
    for (const wrong of [
      ['--by', 'colour'],
      ['--month', 'November'],
    ]) {
      expect((await typed(['cost', ...wrong])).exitCode).toBe(EXIT_CODES.badInput);
    }
  });

  it('takes a key’s scopes with commas between, and where keys lie', async () => {
    const created = await typed(['key', 'create', '--name', 'CI', '--scope', 'read,run', '--table', 'swe']);
    expect(created.calls).toEqual([
      ['createKey', { name: 'CI', scope: ['read', 'run'], days: 90, table: 'swe' }],
    ]);
    expect((await typed(['key', 'list'])).calls).toEqual([['listKeys', {}]]);
    expect((await typed(['key', 'revoke', 'k1'])).calls).toEqual([['revokeKey', 'k1', {}]]);
  });

  it('reads a task from a file, and says when it cannot', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'swe-task-'));
    writeFileSync(join(folder, 'task.md'), 'Fix it.\n');
    expect((await typed(['run', '--task', `@${folder}/task.md`])).calls).toEqual([
      ['run', { task: 'Fix it.', detach: false, json: false }],
    ]);
    expect(await typed(['run', '--task', `@${folder}`])).toMatchObject({
      exitCode: EXIT_CODES.badInput,
      err: expect.stringContaining(folder),
    });
    rmSync(folder, { recursive: true });
  });

  it.each([
    [['--help'], /Usage: swe/],
    [['run', '--help'], /--task/],
  ])('%j helps on standard output and is no failure', async (args, words) => {
    expect(await typed(args)).toMatchObject({ exitCode: 0, err: '', out: expect.stringMatching(words) });
  });

  it.each([
    [['walk']],
    [['run']],
    [['run', '--task']],
    [['show']],
    [['run', '--task', 'x', '--wrong']],
    [['up', '--budget', '0']],
    [['up', '--budget', '-3']],
    [['up', '--budget', 'ten']],
    [['key', 'create', '--name', 'CI']],
    [['key', 'create', '--name', 'CI', '--scope', 'all']],
    [['key', 'create', '--name', 'CI', '--scope', 'run', '--days', '367']],
    [['key', 'revoke']],
  ])('%j is bad input, in one line', async (args) => {
    const { exitCode, err, calls } = await typed(args);
    expect({ exitCode, calls }).toEqual({ exitCode: EXIT_CODES.badInput, calls: [] });
    expect(err).toMatch(/^swe: [^\n]+\n$/);
  });

  it('tells bad input from failure', async () => {
    expect(await typed(['sessions'], failing(new Fault('missing', 'no such thing')))).toMatchObject({
      exitCode: EXIT_CODES.badInput,
      err: 'swe: no such thing\n',
    });
    expect(await typed(['sessions'], failing(new Error('a bug')))).toMatchObject({
      exitCode: EXIT_CODES.failed,
    });
  });
});
