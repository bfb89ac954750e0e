import { execFile, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Search } from './search-readable';

/** Whose are the daemon, the shell, and tool servers with secrets, by number; they may be the same. */
export interface MachineUsers {
  readonly daemon: number;
  readonly shell: number;
  /** Absent, such servers have no host. */
  readonly tools?: number;
}

/** Nobody has these on any machine. */
export const DAEMON = 64_101;
export const SHELL = 64_102;
export const TOOLS = 64_103;

const BUNDLE = fileURLToPath(new URL('../../../../dist/apps/shell-host/index.mjs', import.meta.url));
const SEARCH = fileURLToPath(new URL('./search-readable.ts', import.meta.url));

/** What systemd does with a socket's and its service's unit: the socket is the daemon's, the service another user's. */
const ACTIVATE = `
import json, os, socket, sys
path, daemon, user, environment, *argv = sys.argv[1:]
listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listening.bind(path)
os.chown(path, int(daemon), int(daemon))
os.chmod(path, 0o600)
listening.listen()
os.dup2(listening.fileno(), 3)
os.set_inheritable(3, True)
os.setgroups([])
os.setgid(int(user))
os.setuid(int(user))
os.execve(argv[0], argv, json.loads(environment))
`;

/** Why a test can't have other users here; undefined when it can. */
export function whyNoUsers(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  const options = {
    uid: SHELL,
    gid: SHELL,
    env: {},
    cwd: '/',
    input: '{"texts":["x"],"folders":[],"shared":[],"owners":[]}',
  };
  const { status } = spawnSync(process.execPath, [SEARCH], options);
  return status === 0 ? undefined : 'other users may not read this checkout';
}

export interface Hosts {
  /** What the daemon is to be told of them. */
  readonly env: Readonly<Record<string, string>>;
  /** Asks them to end, with all that runs in them. */
  end(): Promise<void>;
}

/** Starts the hosts of a machine whose disk is `disk`: the shell's, and that of tool servers with secrets. */
export async function startHosts(
  disk: string,
  { daemon, shell, tools }: MachineUsers,
  log: (data: Buffer) => void,
): Promise<Hosts> {
  const start = (name: string, user: number): Promise<Host> => {
    const home = makeFolder(join(disk, name), user);
    // One of before is left on a disk that stays.
    const socketPath = join(disk, `${name}-host-${process.hrtime.bigint()}`);
    return startHost({ home, socketPath, daemon, user }, log);
  };
  const shellHost = await start('shell', shell);
  const toolsHost = tools === undefined ? undefined : await start('tools', tools);
  return {
    env: {
      SWE_SHELL_SOCKET: shellHost.socketPath,
      SWE_SHELL_HOME: shellHost.home,
      ...(toolsHost && { SWE_TOOLS_SOCKET: toolsHost.socketPath, SWE_TOOLS_HOME: toolsHost.home }),
    },
    async end() {
      await Promise.all([shellHost.end(), toolsHost?.end()]);
    },
  };
}

interface HostOptions {
  readonly home: string;
  readonly socketPath: string;
  readonly daemon: number;
  readonly user: number;
}

interface Host {
  readonly home: string;
  readonly socketPath: string;
  end(): Promise<void>;
}

async function startHost(
  { home, socketPath, daemon, user }: HostOptions,
  log: (data: Buffer) => void,
): Promise<Host> {
  const environment = JSON.stringify({ LISTEN_FDS: '1', HOME: home });
  const numbers = [String(daemon), String(user)];
  const argv = ['-c', ACTIVATE, socketPath, ...numbers, environment, process.execPath, BUNDLE];
  const child: ChildProcess = spawn('python3', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdout?.on('data', log);
  child.stderr?.on('data', log);
  // A connection waits until somebody takes it.
  while (!existsSync(socketPath) && child.exitCode === null) await sleep(10);
  return {
    home,
    socketPath,
    async end() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A folder that is its owner's alone. */
export function makeFolder(path: string, owner: number): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chownSync(path, owner, owner);
  return path;
}

const SHARED = ['/tmp', '/var/tmp', '/run', '/dev/shm'];

/** Looks for texts, as the shell's user, in every process, in the folders, and in what else is the machine's. */
export async function searchAs(
  { daemon, shell: user, tools = user }: MachineUsers,
  texts: readonly string[],
  folders: readonly string[],
): Promise<Search> {
  return new Promise((resolve, reject) => {
    const options = { uid: user, gid: user, env: {}, cwd: '/', maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, [SEARCH], options, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`the search failed: ${stderr}`, { cause: error }));
      else resolve(JSON.parse(stdout) as Search);
    });
    child.stdin?.end(JSON.stringify({ texts, folders, shared: SHARED, owners: [daemon, user, tools] }));
  });
}
