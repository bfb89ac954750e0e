import { Fault } from '@swe/domain';
import { execFile } from 'node:child_process';
import { lstat, mkdir, readlink, realpath } from 'node:fs/promises';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';
import { toFault } from '../to-fault';
import { locateProgram } from './locate-program';
import type { Sandbox } from './sandbox';
import { isWithin, toolRoots } from './tool-roots';
import { watched } from './warden';

export interface BubblewrapOptions {
  /** Where bwrap, and the programs of whoever is confined, are looked for. */
  readonly path: string;
  /** Programs to be executed by their absolute path. */
  readonly programs: readonly string[];
  /** Homes of the person, absolute; hidden but for the programs on `path`. */
  readonly homes: readonly string[];
  /** Further folders that are hidden, programs or not. */
  readonly hidden: readonly string[];
  /** What may be read, although hidden otherwise. Missing ones are left out. */
  readonly readable: readonly string[];
  /** The folder that is `/tmp` inside. */
  readonly temporary: string;
}

const execute = promisify(execFile);

/** What a system's programs need. Everything else that is not named in the options does not exist inside. */
const SYSTEM = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/etc',
  '/opt',
  '/nix',
  '/snap',
  '/sys',
];
/** Root, even without rights, may write these; `/proc/sys/kernel/core_pattern` names a program that the host starts. */
const KERNEL_SETTINGS = ['/proc/sys', '/proc/sysrq-trigger', '/proc/fs', '/proc/acpi'];
const NAME_SERVERS = '/etc/resolv.conf';

/**
 * A user namespace is optional only for root, whose rights are dropped either way: with them, what hides a folder
 * could be taken away again. The network stays, since work needs packages.
 */
const ALONE = [
  '--unshare-user-try',
  '--unshare-pid',
  '--unshare-ipc',
  '--unshare-uts',
  '--unshare-cgroup-try',
  ...['--cap-drop', 'ALL'],
  '--new-session',
  '--die-with-parent',
];
/** For the warden, which stays until whoever is left has been counted; others leave the first process to bubblewrap. */
const ISOLATION = [...ALONE, '--as-pid-1'];

/**
 * A sandbox by bubblewrap (https://github.com/containers/bubblewrap). `missing` where there is none, `denied` where it
 * does not work, most often since it may not make namespaces.
 */
export async function openBubblewrap(options: BubblewrapOptions): Promise<Sandbox> {
  const bwrap = await locateProgram('bwrap', '/', options.path).catch((error: unknown) => {
    throw toFault(error, 'bwrap');
  });
  const mounts = await mountsFor(options);
  const run = async (...args: string[]): Promise<string> => {
    const environment = { env: { PATH: options.path }, cwd: '/' };
    const { stdout } = await execute(bwrap, args, environment).catch((cause: { stderr?: string }) => {
      throw new Fault('denied', cause.stderr?.trim() || String(cause), { cause });
    });
    return stdout.trim();
  };
  await run(...mounts, ...ISOLATION, '--', 'bash', '-c', 'env true');
  return {
    name: await run('--version'),
    confine(argv, { cwd, writable }) {
      return [bwrap, ...mounts, ...bound(writable), ...placed(cwd), ...ISOLATION, '--', ...watched(argv)];
    },
    enclose(argv, { cwd, writable, readable }) {
      const seen = readable.flatMap((path) => ['--ro-bind-try', path, path]);
      return [bwrap, ...mounts, ...seen, ...bound(writable), ...placed(cwd), ...ALONE, '--', ...argv];
    },
  };
}

const bound = (writable: readonly string[]): readonly string[] =>
  writable.flatMap((path) => ['--bind', path, path]);

const placed = (cwd: string): readonly string[] => ['--remount-ro', '/', '--chdir', cwd];

async function mountsFor(options: BubblewrapOptions): Promise<readonly string[]> {
  const { homes, hidden, readable, temporary } = options;
  await mkdir(temporary, { recursive: true });
  const folders = [...options.path.split(delimiter), ...options.programs.map((program) => dirname(program))];
  const closed = { homes: await withReal(homes), hidden: await withReal(hidden) };
  const tools = toolRoots([...folders, ...(await allReal(folders))], closed).filter(
    (folder) => !isInSystem(folder) || closed.homes.some((home) => isWithin(folder, home)),
  );
  return [
    ...(await Promise.all(SYSTEM.map(systemMount))).flat(),
    ...['--dev', '/dev', '--proc', '/proc', '--tmpfs', '/run', '--tmpfs', '/var/tmp'],
    ...KERNEL_SETTINGS.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--bind', temporary, '/tmp'],
    ...(await allReal([...homes, ...hidden])).filter(isSeen).flatMap((folder) => ['--tmpfs', folder]),
    ...(await nameServers()),
    ...tools.flatMap((folder) => ['--ro-bind-try', folder, folder]),
    ...readable.flatMap((path) => ['--ro-bind-try', path, path]),
  ];
}

/** The same folder, or the same link: programs tell `/bin` and `/usr/bin` apart. */
async function systemMount(folder: string): Promise<readonly string[]> {
  try {
    const isLink = (await lstat(folder)).isSymbolicLink();
    return isLink ? ['--symlink', await readlink(folder), folder] : ['--ro-bind', folder, folder];
  } catch {
    return [];
  }
}

/** Often a link to a file below `/run`, which holds the sockets of daemons and is therefore hidden. */
async function nameServers(): Promise<readonly string[]> {
  const [real = NAME_SERVERS] = await allReal([NAME_SERVERS]);
  return isInSystem(real) ? [] : ['--ro-bind', real, real];
}

/** Whether a folder would be seen through one of the system's, or of the session's own temporary files. */
function isSeen(folder: string): boolean {
  return isInSystem(folder) || isWithin(folder, '/tmp');
}

function isInSystem(path: string): boolean {
  return SYSTEM.some((folder) => isWithin(path, folder));
}

async function withReal(paths: readonly string[]): Promise<readonly string[]> {
  return [...new Set([...paths, ...(await allReal(paths))])];
}

/** Those that exist, links resolved. */
async function allReal(paths: readonly string[]): Promise<readonly string[]> {
  const real = await Promise.all(paths.map((path) => realpath(path).catch(() => [])));
  return real.flat();
}
