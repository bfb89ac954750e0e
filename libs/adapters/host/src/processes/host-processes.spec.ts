import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command, RunResult, RunSpec } from '@swe/domain';
import { processesContract, runContract } from '@swe/testing/contracts';
import { MAX_SPOOL_BYTES, pidIn, processesSubject } from '@swe/testing/host';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostProcesses } from './host-processes';

const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' };
/** Leaves the pid of a process that lives in a session of its own in the file `pid`, as a shell's text. */
const DAEMON = `setsid sh -c 'echo $$ >pid.new; mv pid.new pid; exec sleep 600'`;
const onLinux = process.platform === 'linux' ? it : it.skip;

async function openSubject() {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'processes-')));
  const processes = new HostProcesses({
    root,
    spoolDirectory: '.swe/output',
    environment: ENVIRONMENT,
    maxSpoolBytes: MAX_SPOOL_BYTES,
  });
  const { endSeen, ...subject } = processesSubject(processes, { root, environment: ENVIRONMENT });
  const close = async (): Promise<void> => {
    await processes.close();
    endSeen();
    await rm(root, { recursive: true });
  };
  return { subject, close };
}

runContract('HostProcesses', processesContract, openSubject);

describe('HostProcesses on a machine', () => {
  let opened: Awaited<ReturnType<typeof openSubject>>;
  let processes: HostProcesses;
  let root: string;
  let isAlive: (pid: number) => boolean;
  beforeEach(async () => {
    opened = await openSubject();
    ({ processes, root, isAlive } = opened.subject);
  });
  afterEach(() => opened.close());

  const run = (command: Command, changes: Partial<RunSpec> = {}, signal = new AbortController().signal) =>
    processes.run({ command, cwd: '.', timeoutMs: 60_000, previewBytes: 10_000, ...changes }, signal);
  const script = (text: string, changes: Partial<RunSpec> = {}) => run({ script: text }, changes);
  const pidOf = (path: string): Promise<number> => pidIn(join(root, path));

  it.each([
    'exit 7',
    'false',
    'no-such-command',
    'if',
    'echo a\nif x\nfi\n)',
    'set -e; false; echo not reached',
    'set -u; echo "$1"',
    'trap "exit 9" EXIT; exit 3',
    'trap "echo failed" ERR; false',
    'return 3',
    'exec sh -c "exit 5"',
    'echo "$# $0 $*"; echo $LINENO',
    'set -C; shopt -s nullglob; cd /; exit 4',
    'kill -TERM $$',
    '# nothing',
  ])('ends and prints as in plain bash: %j', async (text) => {
    const plain = spawnSync('bash', ['-c', text], { encoding: 'utf8', cwd: root, env: ENVIRONMENT });
    const { exitCode, signal, output } = await script(text);
    expect({ exitCode, signal }).toEqual({ exitCode: plain.status, signal: plain.signal });
    expect(output.head).toContain(plain.stdout);
  });

  it('reports where a script ended that sets an exit trap of its own', async () => {
    const result = await script('trap "echo bye" EXIT; mkdir below; cd below');
    expect(result).toMatchObject({ cwd: join(root, 'below'), exitCode: 0, output: { head: 'bye\n' } });
  });

  it('reports the first directory for a script that replaced itself, or whose last one is gone', async () => {
    expect(await script('cd /; exec true')).toMatchObject({ cwd: root, exitCode: 0 });
    expect(await script('mkdir gone; cd gone; rmdir ../gone')).toMatchObject({ cwd: root, exitCode: 0 });
  });

  it('keeps both streams in the order of writing, also through /dev/stderr', async () => {
    const { output } = await script(
      'echo 1; echo 2 >&2; echo 3 >/dev/stderr; echo 4 >/dev/stdout; ls nothing',
    );
    expect(output.head).toMatch(/^1\n2\n3\n4\nls: .*nothing/);
  });

  it('gives the input that was asked for, and none otherwise', async () => {
    expect(await script('cat; cat /dev/stdin', { stdin: 'a\n$&' })).toMatchObject({
      output: { head: 'a\n$&a\n$&' },
    });
    expect(await script('cat; echo end')).toMatchObject({ output: { head: 'end\n' } });
    expect(await run({ argv: ['true'] }, { stdin: 'x'.repeat(1_000_000) })).toMatchObject({ exitCode: 0 });
  });

  it('cuts head and tail between characters', async () => {
    const { output } = await script(`printf 'é%.0s' {1..100}`, { previewBytes: 11 });
    expect(output).toMatchObject({ head: 'ééé', tail: 'éé', omittedBytes: 190, totalBytes: 200 });
  });

  it('ends at once beside a child that goes on printing, and ends that', async () => {
    const { output, ...result } = await script('yes & echo $!');
    expect(result).toMatchObject({ end: 'exited', exitCode: 0, leftovers: 1 });
    expect(isAlive(Number(/\d+/.exec(output.head)?.[0]))).toBe(false);
  });

  it('ends who ignores SIGTERM', async () => {
    const abort = new AbortController();
    const stubborn = run(
      { script: `trap '' TERM; sleep 600 & echo $! >p; mv p pid; wait` },
      {},
      abort.signal,
    );
    const pid = await pidOf('pid');
    abort.abort();
    expect(await stubborn).toMatchObject({ end: 'cancelled', exitCode: null, signal: 'SIGKILL' });
    expect(isAlive(pid)).toBe(false);
  });

  onLinux.each([
    ['in a session of its own', `${DAEMON} & wait`],
    ['in a session of its own whose parent is gone', `(${DAEMON} &); sleep 600`],
    ['without our environment', `env -i PATH="$PATH" ${DAEMON} & wait`],
  ])('an abort ends a grandchild %s', async (_where, text) => {
    const abort = new AbortController();
    const aborted = run({ script: text }, {}, abort.signal);
    const pid = await pidOf('pid');
    abort.abort();
    expect(await aborted).toMatchObject({ end: 'cancelled' });
    expect(isAlive(pid)).toBe(false);
  });

  onLinux.each([
    ['in a session of its own', `(${DAEMON} >/dev/null 2>&1 &)`],
    ['without our environment', `env -i sh -c 'echo $$ >pid.new; mv pid.new pid; exec sleep 600' &`],
  ])('what is left running is found %s', async (_where, text) => {
    const { leftovers } = await script(`${text}\nuntil [ -e pid ]; do sleep 0.01; done`);
    expect(leftovers).toBe(1);
    expect(isAlive(await pidOf('pid'))).toBe(false);
  });

  it('a command that prints for ever times out, and costs no more than its preview and its spool', async () => {
    const before = process.memoryUsage.rss();
    const result = await run({ argv: ['yes'] }, { timeoutMs: 1_000, previewBytes: 100 });
    expect(process.memoryUsage.rss() - before).toBeLessThan(256 * 1024 ** 2);
    expect(result).toMatchObject({ end: 'timed-out', exitCode: null, signal: 'SIGTERM' });
    const { totalBytes, omittedBytes, spooledBytes } = result.output;
    expect(omittedBytes).toBe(totalBytes - 100);
    expect(spooledBytes).toBe(Math.min(totalBytes, MAX_SPOOL_BYTES));
  });

  it('keeps the output of a run only where the result does not say it all', async () => {
    const kept = () => readdir(join(root, '.swe/output'));
    expect(await script('echo é')).toMatchObject({ output: { totalBytes: 3, spooledBytes: 0 } });
    await run({ argv: ['true'] }, {}, AbortSignal.abort());
    await expect(run({ argv: ['no-such-program'] })).rejects.toMatchObject({ kind: 'missing' });
    const start = processes.start({ command: { argv: ['no-such-program'] }, cwd: '.' });
    await expect(start).rejects.toMatchObject({ kind: 'missing' });
    expect(await kept()).toEqual([]);
    await script('echo long', { previewBytes: 2 });
    await script(`printf '\\xff'`);
    expect(await kept()).toHaveLength(2);
  });

  it('gives its result also when the folder of the outputs is gone or replaced', async () => {
    expect(await script('rm -r .swe; echo done')).toMatchObject({ output: { head: 'done\n' } });
    await writeFile(join(opened.subject.root, 'precious'), 'x');
    const swap = await script('mv .swe/output old; ln -s "$PWD" .swe/output; echo done');
    expect(swap).toMatchObject({ end: 'exited', output: { head: 'done\n' } });
  });

  it('refuses a grace with which an end could take longer than the port promises', () => {
    const make = (killGraceMs: number) =>
      new HostProcesses({ root, spoolDirectory: '.swe/output', environment: ENVIRONMENT, killGraceMs });
    expect(() => make(1_000)).not.toThrow();
    expect(() => make(1_001)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });

  it('starts nothing for a signal that has already aborted', async () => {
    const result = await run({ script: 'touch ran' }, {}, AbortSignal.abort());
    expect(result).toMatchObject({
      end: 'cancelled',
      exitCode: null,
      signal: null,
      output: { totalBytes: 0 },
    });
    expect(await opened.subject.file('ran')).toBeUndefined();
  });

  it('`close` ends what is in the background and what is being run', async () => {
    await processes.start({ command: { script: 'echo $$ >a.new; mv a.new a; sleep 600; :' }, cwd: '.' });
    const running: Promise<RunResult> = script('echo $$ >b.new; mv b.new b; sleep 600; :');
    const pids = [await pidOf('a'), await pidOf('b')];
    await processes.close();
    expect(await running).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
    expect(pids.map((pid) => isAlive(pid))).toEqual([false, false]);
  });

  it('tells a file as working directory, a missing one and a program that may not run apart', async () => {
    await writeFile(join(root, 'file'), 'x');
    const command = { argv: ['./file'] } as const;
    await expect(run(command, { cwd: 'file' })).rejects.toMatchObject({ kind: 'invalid' });
    await expect(run(command, { cwd: 'nothing' })).rejects.toMatchObject({ kind: 'missing' });
    await expect(run(command)).rejects.toMatchObject({ kind: 'denied' });
    await expect(run({ argv: ['echo', 'a\0b'] })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('leads neither itself nor its output out of the root through a link', async () => {
    await symlink(tmpdir(), join(root, 'out'));
    await expect(script('true', { cwd: 'out' })).rejects.toMatchObject({ kind: 'denied' });
    await mkdir(join(root, '.swe'));
    await symlink(tmpdir(), join(root, '.swe/output'));
    await expect(script('true')).rejects.toMatchObject({ kind: 'denied' });
  });
});
