import { execFile, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('./system-root.sh', import.meta.url));
const RELAY = fileURLToPath(new URL('./relay.ts', import.meta.url));
const NAMESPACES = ['--mount', '--net', '--pid', '--ipc', '--uts', '--cgroup'];
const NEEDED = ['unshare', 'nsenter', 'setpriv', 'ip', 'nft', 'useradd', 'systemctl', 'curl'];
/** That a program in TypeScript is one is told to nobody. */
const QUIET = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
const LOOK_MS = 50;
/** Where a program of the machine's is looked for first. */
const STUBS = '/usr/local/sbin';

/** A server on 127.0.0.1 here, as the machine sees it. */
export interface Reached {
  readonly port: number;
  /** Of the machine's own network; absent, the same as here. */
  readonly at?: readonly { readonly address: string; readonly port: number }[];
}

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type SystemMachine = Awaited<ReturnType<typeof startSystemMachine>>;

/** Why no machine of its own can be had here; undefined when it can. */
export function whyNoSystem(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'not root on Linux';
  const missing = NEEDED.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  if (missing.length > 0) return `without ${missing.join(', ')}`;
  if (!existsSync('/usr/lib/systemd/systemd')) return 'without systemd';
  if (cgroupOfThis() === undefined) return 'without control groups of version 2';
  const probe = `
    mount --make-rprivate / && mount -t tmpfs tmpfs /mnt && mkdir /mnt/up /mnt/work /mnt/root &&
    mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work /mnt/root &&
    mount -t cgroup2 cgroup2 /mnt/root/mnt && nft add table inet probe`;
  const { status } = spawnSync('unshare', [...NAMESPACES, '--fork', 'sh', '-c', probe]);
  return status === 0 ? undefined : 'namespaces may not be made here';
}

/** The folder of this process's control group, of version 2. */
function cgroupOfThis(): string | undefined {
  const mounts = readFileSync('/proc/self/mounts', 'utf8');
  const [, top] = /^\S+ (\S+) cgroup2 /m.exec(mounts) ?? [];
  const [, path] = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8')) ?? [];
  return top === undefined || path === undefined ? undefined : join(top, path);
}

/**
 * A machine with systemd as its first process, in namespaces of its own: it sees this machine's files, of which it changes
 * nothing, and of the network only what it is given. `folder` is for what it needs here.
 */
export async function startSystemMachine(folder: string, reached: readonly Reached[]) {
  const cgroup = mkdtempSync(join(cgroupOfThis() ?? '', 'swe-machine-'));
  const base = join(folder, 'machine');
  mkdirSync(base);
  const enter = `echo $$ >"$1/cgroup.procs"; shift; exec "$@"`;
  const first = ['unshare', ...NAMESPACES, '--fork', '--kill-child', 'sh', ROOT, base];
  const machine = spawn('sh', ['-c', enter, 'sh', cgroup, ...first], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  machine.stdout.on('data', (data: Buffer) => void (log += data.toString()));
  machine.stderr.on('data', (data: Buffer) => void (log += data.toString()));
  const ended = once(machine, 'exit');
  const servers: Server[] = [];
  let relay: ChildProcess | undefined;

  async function close(): Promise<void> {
    relay?.kill('SIGKILL');
    machine.kill('SIGKILL');
    await ended;
    for (const server of servers) server.close();
    await removeCgroup(cgroup);
  }

  /** Runs a program in it, as root unless a user is named, and not before that user has nothing of root's. */
  function run(
    argv: readonly string[],
    { user, input }: { user?: string; input?: string } = {},
  ): Promise<Ran> {
    const init = firstProcessOf(machine);
    const as = user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
    const inside = ['--target', String(init), '--all', '--root', '--wd', ...as, ...argv];
    const path = [STUBS, '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');
    return new Promise((resolve) => {
      const child = execFile('nsenter', inside, { env: { PATH: path } }, (error, stdout, stderr) =>
        resolve({ exitCode: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
      );
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
  }

  try {
    await until(async () => {
      if (machine.exitCode !== null) throw new Error(`the machine did not start: ${log}`);
      if (firstProcessOf(machine) === undefined) return false;
      const { stdout } = await run(['systemctl', 'is-system-running']);
      return /^(running|degraded)/.test(stdout);
    });
    const doors: string[] = [];
    for (const { port, at = [{ address: '127.0.0.1', port }] } of reached) {
      const socket = join(folder, `${port}.sock`);
      servers.push(await openDoor(socket, port));
      doors.push(...at.flatMap(({ address, port: shown }) => [address, String(shown), socket]));
    }
    const net = [
      '--target',
      String(firstProcessOf(machine)),
      '--net',
      process.execPath,
      ...QUIET,
      RELAY,
      ...doors,
    ];
    relay = spawn('nsenter', net, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(relay.stdout!, 'data');
  } catch (error) {
    await close();
    throw error;
  }

  return {
    run,
    /** Puts a file there that is root's. */
    async write(path: string, content: string, mode = '0644'): Promise<void> {
      const script = 'mkdir -p "$(dirname "$1")" && cat >"$1" && chmod "$2" "$1"';
      const { exitCode, stderr } = await run(['sh', '-c', script, 'sh', path, mode], { input: content });
      if (exitCode !== 0) throw new Error(stderr);
    },
    /** Puts a program of the machine's in the place of its own. */
    stub(name: string, script: string): Promise<void> {
      return this.write(`${STUBS}/${name}`, `#!/bin/sh\n${script}\n`, '0755');
    },
    close,
  };
}

/** Whatever is sent to the socket goes to a port here. */
async function openDoor(socket: string, port: number): Promise<Server> {
  const server = createServer((incoming) => {
    const onward = connect(port, '127.0.0.1');
    incoming.pipe(onward).pipe(incoming);
    incoming.on('error', () => onward.destroy());
    onward.on('error', () => incoming.destroy());
  });
  server.listen(socket);
  await once(server, 'listening');
  return server;
}

/** Of the machine, by its number here. */
function firstProcessOf({ pid, exitCode }: ChildProcess): number | undefined {
  if (exitCode !== null) return undefined;
  const [first = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  return first === '' ? undefined : Number(first);
}

/** Waits until it is so; the test's own time ends it. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(LOOK_MS);
}

async function removeCgroup(folder: string): Promise<void> {
  writeFileSync(join(folder, 'cgroup.kill'), '1');
  await until(async () => /^populated 0$/m.test(readFileSync(join(folder, 'cgroup.events'), 'utf8')));
  removeFolders(folder);
}

/** Its files are the kernel's, and go with it. */
function removeFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeFolders(join(folder, entry.name));
  }
  rmdirSync(folder);
}
