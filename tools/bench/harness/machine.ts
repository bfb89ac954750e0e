import { execFileSync } from 'node:child_process';
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { nodeEnvironment, nodeFlags } from '../../node-options.mjs';
import type { Launch } from './subject';

const ROOT = join(import.meta.dirname, '..', '..', '..');
export const MODEL = 'anthropic/claude-opus-5-5';
const TASK = 'Run what you are told to.';
/** What a session needs beside a sandbox. */
const PROGRAMS = ['bash', 'sh', 'env', 'git', 'mkfifo', 'true', 'cat', 'ls'];

/** A folder to run the built programs in, with a repository to work on. */
export interface BenchMachine extends Disposable {
  readonly folder: string;
  /** The agent, as `swe run` has it in a home of its own; not anew, it goes on with its session. */
  agent(home: string, options: { readonly isShutIn: boolean }): (url: string, isNew: boolean) => Launch;
  /** The loop that sends the requests that `basePath` describes. */
  bareLoop(basePath: string): (url: string) => Launch;
}

export function openBenchMachine(): BenchMachine {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-bench-')));
  const repository = join(folder, 'shop');
  const bin = join(folder, 'bin');
  const path = process.env['PATH'] ?? '';
  for (const each of [repository, bin]) mkdirSync(each);
  for (const name of PROGRAMS) symlinkSync(locate(name, path), join(bin, name));
  writeFileSync(join(repository, 'README.md'), '# Shop\n');
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: repository,
    });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=Start');

  const environment = nodeEnvironment(join(folder, 'compiled'));
  return {
    folder,
    agent(home, { isShutIn }) {
      const sweHome = join(folder, home);
      return (url, isNew) => {
        const work = isNew
          ? ['--repo', repository, '--task', TASK]
          : ['--resume', readdirSync(join(sweHome, 'sessions'))[0] ?? '', '--task', 'Go on.'];
        return {
          argv: [...nodeFlags, join(ROOT, 'dist/apps/local/index.mjs'), 'run', ...work],
          cwd: folder,
          env: {
            ...environment,
            PATH: isShutIn ? path : bin,
            HOME: folder,
            SWE_HOME: sweHome,
            SWE_MODEL: MODEL,
            SWE_BUDGET_USD: '900000',
            ANTHROPIC_API_KEY: 'bench',
            ANTHROPIC_BASE_URL: url,
          },
        };
      };
    },
    bareLoop: (basePath) => (url) => ({
      argv: [
        '--disable-warning=ExperimentalWarning',
        join(ROOT, 'dist/tools/bench/bare-loop/index.mjs'),
        url,
        basePath,
      ],
      cwd: folder,
      env: { PATH: bin, HOME: folder },
    }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function locate(program: string, path: string): string {
  const found = path
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  if (found === undefined) throw new Error(`there is no ${program} on the path`);
  return found;
}
