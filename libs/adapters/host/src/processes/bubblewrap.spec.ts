import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunSpec } from '@swe/domain';
import { processesContract, runContract } from '@swe/testing/contracts';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { openBubblewrap } from './bubblewrap';
import { HostProcesses } from './host-processes';
import { pidIn } from '@swe/testing/host';

const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin';
const MAX_SPOOL_BYTES = 1024 * 1024;

const folders = await makeFolders();
const absence = await openBubblewrap(optionsFor(folders)).then(
  () => undefined,
  (error: unknown) => String(error).split('\n', 1)[0],
);
await rm(folders.top, { recursive: true });
const because = absence === undefined ? '' : ` (skipped, no bubblewrap here: ${absence})`;
const sandboxed = absence === undefined ? describe : describe.skip;

/** A person's home with the twin's folder in it, and in that a session's. */
async function makeFolders() {
  const top = await realpath(await mkdtemp(join(tmpdir(), 'bubblewrap-')));
  const person = join(top, 'person');
  const twin = join(person, '.swe');
  const session = join(twin, 'sessions/s1');
  const made = {
    top,
    person,
    twin,
    root: join(session, 'workspace'),
    home: join(session, 'home'),
    scratchDirectory: join(session, 'scratch'),
    temporary: join(session, 'tmp'),
    repositories: join(twin, 'forge/repositories'),
    toolchain: join(person, '.nvm/versions/node/v1'),
  };
  for (const folder of Object.values(made)) await mkdir(folder, { recursive: true });
  return made;
}

type Folders = Awaited<ReturnType<typeof makeFolders>>;

function optionsFor({ person, twin, temporary, repositories, toolchain }: Folders) {
  return {
    path: [dirname(process.execPath), join(toolchain, 'bin'), join(person, '.local/bin'), SYSTEM_PATH].join(
      delimiter,
    ),
    programs: [process.execPath],
    homes: [person],
    hidden: [twin],
    readable: [repositories],
    temporary,
  };
}

function environmentFor(folders: Folders) {
  return { PATH: optionsFor(folders).path, HOME: folders.home, LANG: 'C.UTF-8' };
}

/** As of now: what is on the path is found out when the sandbox is made. */
async function openProcesses(folders: Folders, writable: readonly string[] = []): Promise<HostProcesses> {
  const { root, home, scratchDirectory } = folders;
  return new HostProcesses({
    root,
    spoolDirectory: '.swe/output',
    environment: environmentFor(folders),
    maxSpoolBytes: MAX_SPOOL_BYTES,
    sandbox: await openBubblewrap(optionsFor(folders)),
    writable: [home, ...writable],
    scratchDirectory,
  });
}

async function openSubject() {
  const folders = await makeFolders();
  const { top, root } = folders;
  const processes = await openProcesses(folders);
  const subject = {
    ...folders,
    processes,
    environment: environmentFor(folders),
    maxSpoolBytes: MAX_SPOOL_BYTES,
    volumeBytes: 1024 ** 3,
    file: (path: string) => readFile(join(root, path)).catch(() => undefined),
    isAlive: (pid: number) => livesInside(pid, root),
    elapse: async () => undefined,
  };
  const close = async (): Promise<void> => {
    await processes.close();
    await rm(top, { recursive: true });
  };
  return { subject, close };
}

/** Whether a process below `root` is called `pid` in its own namespace: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function livesInside(pid: number, root: string): boolean {
  return readdirSync('/proc').some((outer) => {
    try {
      const names = /^NSpid:\t(.*)$/m.exec(readFileSync(`/proc/${outer}/status`, 'utf8'))?.[1];
      return names?.split('\t').at(-1) === String(pid) && readlinkSync(`/proc/${outer}/cwd`).startsWith(root);
    } catch {
      // No process, or one that is gone by now, or dead and not yet collected.
      return false;
    }
  });
}

if (absence === undefined) runContract('HostProcesses in bubblewrap', processesContract, openSubject);

sandboxed(`a process in bubblewrap${because}`, () => {
  let opened: Awaited<ReturnType<typeof openSubject>>;
  beforeEach(async () => {
    opened = await openSubject();
  });
  afterEach(() => opened.close());

  const run = (spec: Pick<RunSpec, 'command'>, processes = opened.subject.processes) =>
    processes.run(
      { cwd: '.', timeoutMs: 60_000, previewBytes: 10_000, ...spec },
      new AbortController().signal,
    );
  const script = async (text: string, processes?: HostProcesses) => {
    const { exitCode, output } = await run({ command: { script: text } }, processes);
    return { exitCode, printed: output.head };
  };

  it('reads nothing in the person’s home, nor of the twin, whose other sessions it doesn’t see', async () => {
    const { person, twin, root } = opened.subject;
    await mkdir(join(person, '.ssh'));
    await mkdir(join(twin, 'sessions/s2'));
    await writeFile(join(person, '.ssh/id_ed25519'), 'secret');
    await writeFile(join(twin, 'store.sqlite'), 'secret');
    expect((await script(`cat ${person}/.ssh/id_ed25519`)).exitCode).not.toBe(0);
    expect((await script(`find ${person} ${twin} -name '*.sqlite' -o -name .ssh`)).printed).toBe('');
    expect((await script(`ls ${twin}/sessions`)).printed).toBe('s1\n');
    expect((await script(`ls -A ${dirname(root)}`)).printed).toMatch(/^home\nscratch\nworkspace\n$/);
  });

  it('sees no process but its own, nor anybody’s environment', async () => {
    const { printed } = await script(
      `cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -c ^PATH=; cat /proc/[0-9]*/cmdline | tr '\\0' ' '; echo; cat /proc/${process.pid}/environ`,
    );
    expect(printed).not.toContain('jest');
    expect(printed).toContain(`/proc/${process.pid}/environ: No such file`);
  });

  it('has no rights by which it could undo what shuts it in', async () => {
    const { person } = opened.subject;
    await writeFile(join(person, 'secret'), 'secret');
    const { printed } = await script(
      `grep CapEff /proc/self/status; umount ${person}; umount -l ${person}; cat ${person}/secret; for each in hostname core_pattern; do test -w /proc/sys/kernel/$each && echo $each; done`,
    );
    expect(printed).toMatch(/CapEff:\s0+\n/);
    expect(printed).toContain(`${person}/secret: No such file`);
    expect(printed).not.toMatch(/^(hostname|core_pattern)$/m);
  });

  it('cannot take away what hides a folder from within namespaces of its own', async () => {
    const { person } = opened.subject;
    await writeFile(join(person, 'key'), 'secret');
    const { printed } = await script(`unshare -Urm sh -c 'umount -l ${person}; cat ${person}/key' 2>&1`);
    expect(printed).not.toContain('secret');
  });

  it('writes to its workspace, its home and its /tmp, which outlives it, and nowhere else', async () => {
    const { home, temporary, person, twin, repositories } = opened.subject;
    expect(await script('echo 1 >file; echo 2 >~/file; echo 3 >/tmp/file')).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(home, 'file'), 'utf8')).toBe('2\n');
    expect(await readFile(join(temporary, 'file'), 'utf8')).toBe('3\n');
    expect((await script('cat file ~/file /tmp/file')).printed).toBe('1\n2\n3\n');
    for (const folder of ['/', '/usr', '/etc', '/proc/sys/kernel', repositories]) {
      expect(await script(`touch ${folder}/planted`)).toMatchObject({ exitCode: 1 });
    }
    await script(`touch ${person}/planted ${twin}/planted`);
    expect(await readdir(person)).not.toContain('planted');
    expect(await readdir(twin)).not.toContain('planted');
  });

  it('runs what is on the path, also where that leads into the home, which stays hidden around it', async () => {
    const { person, toolchain } = opened.subject;
    for (const folder of ['bin', 'lib']) await mkdir(join(toolchain, folder));
    await writeFile(join(toolchain, 'lib/tool.sh'), '#!/bin/sh\necho from the toolchain\n', { mode: 0o755 });
    await symlink('../lib/tool.sh', join(toolchain, 'bin/tool'));
    await mkdir(join(person, '.local/bin'), { recursive: true });
    await writeFile(join(person, '.local/bin/mine'), '#!/bin/sh\necho mine\n', { mode: 0o755 });
    await writeFile(join(person, '.local/secret'), 'secret');
    const { printed } = await script(
      `tool; mine; ls -A ${person} ${person}/.local; git --version; node -p 40+2; npm --version >/dev/null && echo npm`,
      await openProcesses(opened.subject),
    );
    expect(printed).toMatch(
      /^from the toolchain\nmine\n[^]*:\n\.local\n\.nvm\n\.swe\n[^]*\.local:\nbin\ngit version .*\n42\nnpm\n$/,
    );
  });

  it('clones a repository that it cannot write, and only who may write it can push', async () => {
    const { repositories } = opened.subject;
    spawnSync('git', ['init', '--quiet', '--bare', join(repositories, 'shop.git')]);
    const commit = `git -c user.name=a -c user.email=a@b commit --quiet --allow-empty -m one`;
    const push = 'git -C shop push --quiet origin HEAD:refs/heads/main';
    expect(await script(`git clone --quiet ${repositories}/shop.git && cd shop && ${commit}`)).toMatchObject({
      exitCode: 0,
    });
    expect((await script(`${push} 2>&1`)).exitCode).not.toBe(0);
    expect(await readdir(join(repositories, 'shop.git/refs/heads'))).toEqual([]);
    const pusher = await openProcesses(opened.subject, [repositories]);
    expect(await script(push, pusher)).toMatchObject({ exitCode: 0 });
    expect(await readdir(join(repositories, 'shop.git/refs/heads'))).toEqual(['main']);
  });

  it('that cannot be made says why', async () => {
    const nowhere = join(opened.subject.top, 'nowhere');
    const broken = await openProcesses(opened.subject, [nowhere]);
    expect(await script('echo never', broken)).toMatchObject({
      exitCode: 1,
      printed: expect.stringMatching(/^bwrap: .*nowhere/),
    });
  });

  it('serves a port in the background that a later command asks', async () => {
    const { processes, root } = opened.subject;
    const serve = `require('node:http').createServer((_, answer) => answer.end('served')).listen(0, '127.0.0.1', function () {
      require('node:fs').writeFileSync('port.new', String(this.address().port));
      require('node:fs').renameSync('port.new', 'port');
    })`;
    const id = await processes.start({ command: { argv: ['node', '-e', serve] }, cwd: '.' });
    const port = await pidIn(join(root, 'port'));
    const ask = `fetch('http://127.0.0.1:${port}').then((answer) => answer.text()).then(console.log)`;
    expect(await run({ command: { argv: ['node', '-e', ask] } })).toMatchObject({
      output: { head: 'served\n' },
    });
    await processes.kill(id);
  });

  it('reaches no socket of a daemon', async () => {
    const server = createServer().listen('/run/swe-bubblewrap-spec.sock');
    await new Promise((resolve) => server.once('listening', resolve).once('error', resolve));
    expect((await script('ls -A /run')).printed).toBe('');
    await new Promise((resolve) => server.close(resolve));
  });

  it('is asked to end before it is killed', async () => {
    const { processes, root } = opened.subject;
    const text = `trap 'echo asked >asked; exit 0' TERM; echo $$ >pid.new; mv pid.new pid; while :; do sleep 0.01; done`;
    const id = await processes.start({ command: { script: text }, cwd: '.' });
    await pidIn(join(root, 'pid'));
    await processes.kill(id);
    expect(await readFile(join(root, 'asked'), 'utf8')).toBe('asked\n');
  });

  it('leaves nothing outside behind', async () => {
    const { root } = opened.subject;
    await script('sleep 600 & setsid sleep 600 & exit 3');
    const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(stdout.split('\n').filter((line) => line.includes('bwrap') && line.includes(root))).toEqual([]);
  });

  it('tells how a program ended by the end of the program alone', async () => {
    for (const text of ['exit 130', 'exit 143', 'exit 255']) {
      expect(await script(text)).toMatchObject({ exitCode: Number(text.slice(5)) });
    }
    for (const signal of ['TERM', 'HUP', 'SEGV', 'KILL']) {
      expect(await run({ command: { script: `kill -${signal} $$` } })).toMatchObject({
        exitCode: null,
        signal: `SIG${signal}`,
      });
    }
  });
});

describe('opening bubblewrap', () => {
  it('says what is missing', async () => {
    const made = await makeFolders();
    await expect(openBubblewrap({ ...optionsFor(made), path: made.top })).rejects.toMatchObject({
      kind: 'missing',
    });
    await rm(made.top, { recursive: true });
  });

  it('says so when it is there and may not make namespaces', async () => {
    const made = await makeFolders();
    const refusing = '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2; exit 1\n';
    await writeFile(join(made.top, 'bwrap'), refusing, { mode: 0o755 });
    const path = `${made.top}:${SYSTEM_PATH}`;
    await expect(openBubblewrap({ ...optionsFor(made), path })).rejects.toMatchObject({
      kind: 'denied',
      message: 'bwrap: No permissions to create new namespace',
    });
    await rm(made.top, { recursive: true });
  });
});
