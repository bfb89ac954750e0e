import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
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

  function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
    if (!existsSync(BUNDLE)) throw new Error(`${BUNDLE} is missing: build first (npm run build)`);
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', BUNDLE, ...args], {
      cwd: folder,
      env: { PATH: path, HOME: home, SWE_HOME: join(folder, 'swe'), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    let stdout = '';
    let stderr = '';
    const waiting = new Set<() => void>();
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
      waiting.forEach((look) => look());
    });
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
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

  return {
    folder,
    start,
    swe: (args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended> =>
      start(args, environment).ended,
    git: (cwd: string, ...args: readonly string[]): string => git(home, cwd, args),
    /** A repository with one commit of `files`, as a person has it. */
    makeRepository(name: string, files: Readonly<Record<string, string>>): string {
      const root = join(folder, name);
      for (const [file, content] of Object.entries(files)) {
        mkdirSync(dirname(join(root, file)), { recursive: true });
        writeFileSync(join(root, file), content);
      }
      git(home, root, ['init', '--quiet', '--initial-branch=main']);
      git(home, root, ['add', '--all']);
      git(home, root, ['commit', '--quiet', '--message=Start']);
      return root;
    },
    /** Puts a program named `name` in front of the path: the real one is at `$REAL`. */
    replaceProgram(name: string, script: string): void {
      const bin = join(folder, 'bin');
      mkdirSync(bin, { recursive: true });
      const real = execFileSync('/bin/sh', ['-c', 'command -v "$0"', name], { env: { PATH: path } });
      writeFileSync(join(bin, name), `#!/bin/sh\nREAL='${real.toString().trim()}'\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
      path = [bin, path].join(delimiter);
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

function git(home: string, cwd: string, args: readonly string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...identity, ...args], { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}
