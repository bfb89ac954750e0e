import { Fault } from '@swe/domain';
import type { Processes, RunResult } from '@swe/domain';
import { endText, outputText, succeeded } from './run-report';

const PREVIEW_BYTES = 8_192;
const DEFAULT_TIMEOUT_MS = 60_000;

export interface GitOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly previewBytes?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs git with these arguments, no hook of the repository with it, and gives what it printed, trimmed. That holds
 * warnings too: read values out of it by their shape.
 */
export async function git(
  processes: Pick<Processes, 'run'>,
  args: readonly string[],
  options: GitOptions,
): Promise<string> {
  const result = await tryGit(processes, args, options);
  if (!succeeded(result)) {
    throw new Fault('invalid', `git ${args[0]} failed.\n${outputText(result.output)}\n${endText(result)}`);
  }
  return result.output.head.trim();
}

/** The line that has this shape, wherever git put its warnings. Throws `invalid` when there is none. */
export function lineLike(printed: string, shape: RegExp): string {
  const line = printed.split('\n').findLast((each) => shape.test(each));
  if (line === undefined) throw new Fault('invalid', `git did not say what was asked, but:\n${printed}`);
  return line;
}

/** As `git`, for when a failing exit code is an answer too. */
export function tryGit(
  processes: Pick<Processes, 'run'>,
  args: readonly string[],
  { cwd, signal, timeoutMs = DEFAULT_TIMEOUT_MS, previewBytes = PREVIEW_BYTES, env = {} }: GitOptions,
): Promise<RunResult> {
  const argv = ['git', '-c', 'core.hooksPath=/dev/null', ...args] as const;
  return processes.run({ command: { argv }, cwd, env, timeoutMs, previewBytes }, signal);
}
