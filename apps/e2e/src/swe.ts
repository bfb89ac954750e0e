import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const BUNDLE = fileURLToPath(new URL('../../../dist/apps/local/index.mjs', import.meta.url));

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves as soon as standard output contains `words`; rejects when it ends without. */
  saw(words: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** A run that somebody sits in front of. */
export interface RunningInTerminal extends Running {
  type(line: string): void;
}

type Environment = Readonly<Record<string, string>>;

/** Of util-linux: BSD's, on macOS, takes other arguments. */
const SCRIPT = '/usr/bin/script';
export const canMakeTerminals = process.platform === 'linux' && existsSync(SCRIPT);

/**
 * A machine's folder with nothing in it: the built `swe` command runs below it with a home of its own, as plain node
 * does outside the repository. `close` ends what still runs and removes the folder.
 */
export function openMachine() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-e2e-')));
  const home = join(folder, 'home');
  mkdirSync(home);
  const children = new Set<ChildProcess>();
  // The Node that runs the tests first: an older one may be on the path.
  let path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);

  /** The built command with these arguments, and all it gets of an environment. */
  function commandOf(args: readonly string[], environment: Environment) {
    if (!existsSync(BUNDLE)) throw new Error(`${BUNDLE} is missing: build first (npm run build)`);
    return {
      argv: [process.execPath, '--disable-warning=ExperimentalWarning', BUNDLE, ...args] as const,
      env: { PATH: path, HOME: home, SWE_HOME: join(folder, 'swe'), ...environment },
    };
  }

  function start(args: readonly string[], environment: Environment = {}): Running {
    const { argv, env } = commandOf(args, environment);
    const [program, ...rest] = argv;
    const child = spawn(program, rest, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    return follow(child, child.stdout, child.stderr);
  }

  /**
   * As `start`, with a terminal as standard input. Needs `script` of util-linux, which makes the terminal; its output
   * takes a way of its own, so that the echo of what is typed isn't in it.
   */
  function startInTerminal(args: readonly string[], environment: Environment = {}): RunningInTerminal {
    const { argv, env } = commandOf(args, environment);
    const file = join(folder, `terminal-${randomUUID()}.sh`);
    writeFileSync(file, `exec ${argv.map(quoted).join(' ')} >&3 2>&4 3>&- 4>&-\n`);
    const child = spawn(SCRIPT, ['-qfec', `sh ${quoted(file)}`, '/dev/null'], {
      cwd: folder,
      env: { ...env, SHELL: '/bin/sh' },
      stdio: ['pipe', 'ignore', 'inherit', 'pipe', 'pipe'],
    });
    const [, , , stdout, stderr] = child.stdio;
    return {
      ...follow(child, stdout as Readable, stderr as Readable),
      type: (line) => void child.stdin?.write(`${line}\n`),
    };
  }

  function follow(child: ChildProcess, output: Readable, problems: Readable): Running {
    children.add(child);
    let stdout = '';
    let stderr = '';
    const waiting = new Set<() => void>();
    output.on('data', (data: Buffer) => {
      stdout += data.toString();
      waiting.forEach((look) => look());
    });
    problems.on('data', (data: Buffer) => (stderr += data.toString()));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode) => {
        children.delete(child);
        resolve({ exitCode, stdout, stderr });
      });
    });
    const saw = (words: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!stdout.includes(words)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`ended without "${words}":\n${stdout}\n${stderr}`)));
      });
    return { child, ended, saw };
  }

  /** Makes the folder a repository with one commit of what is in it. */
  function commitAll(root: string): void {
    git(home, root, ['init', '--quiet', '--initial-branch=main']);
    git(home, root, ['add', '--all']);
    git(home, root, ['commit', '--quiet', '--message=Start']);
  }

  return {
    folder,
    start,
    startInTerminal,
    swe: (args: readonly string[], environment?: Environment): Promise<Ended> =>
      start(args, environment).ended,
    git: (cwd: string, ...args: readonly string[]): string => git(home, cwd, args),
    /** A repository with one commit of `files`, as a person has it. */
    makeRepository(name: string, files: Readonly<Record<string, string>>): string {
      const root = join(folder, name);
      for (const [file, content] of Object.entries(files)) {
        mkdirSync(dirname(join(root, file)), { recursive: true });
        writeFileSync(join(root, file), content);
      }
      commitAll(root);
      return root;
    },
    commitAll,
    /** Puts a program named `name` in front of the path: the real one is at `$REAL`. */
    replaceProgram(name: string, script: string): void {
      const bin = join(folder, 'bin');
      mkdirSync(bin, { recursive: true });
      const real = execFileSync('/bin/sh', ['-c', 'command -v "$0" || :', name], { env: { PATH: path } });
      writeFileSync(join(bin, name), `#!/bin/sh\nREAL='${real.toString().trim()}'\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
      path = [bin, path].join(delimiter);
    },
    /** The exit code of a program that runs in `folder`, as a person would run it. */
    runProgram(cwd: string, program: string, ...args: readonly string[]): number | null {
      const options = { cwd: join(folder, cwd), env: { PATH: path, HOME: home }, stdio: 'ignore' } as const;
      return spawnSync(program, args, options).status;
    },
    emptyPath(): void {
      path = join(folder, 'nothing');
    },
    /** Sessions, repositories and other work in the twin's folder: everything but its two empty databases. */
    left(): readonly string[] {
      const home = join(folder, 'swe');
      const found = existsSync(home) ? readdirSync(home, { recursive: true, encoding: 'utf8' }) : [];
      return found.filter(
        (path) => !/^(forge|forge\/repositories|(forge\/forge|store)\.sqlite(-shm|-wal)?)$/.test(path),
      );
    },
    close(): void {
      children.forEach((child) => child.kill('SIGKILL'));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Machine = ReturnType<typeof openMachine>;

/** One word of the shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function git(home: string, cwd: string, args: readonly string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...identity, ...args], { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}
