import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface GitResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs git as a person without any configuration of their own, who is never asked for a password. */
export async function git(cwd: string, ...args: readonly string[]): Promise<GitResult> {
  const settings = [
    ...['GIT_CONFIG_NOSYSTEM=1', 'GIT_CONFIG_GLOBAL=/dev/null', 'GIT_TERMINAL_PROMPT=0', 'LC_ALL=C'],
    ...['GIT_AUTHOR_NAME=Ada', 'GIT_AUTHOR_EMAIL=ada@example.com'],
    ...['GIT_COMMITTER_NAME=Ada', 'GIT_COMMITTER_EMAIL=ada@example.com'],
  ];
  try {
    const { stdout, stderr } = await run('env', [...settings, 'git', ...args], { cwd, maxBuffer: 64 << 20 });
    return { code: 0, out: stdout.trim(), err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}
