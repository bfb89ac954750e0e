import type { SessionPullRequest } from '@swe/domain';
import { EXIT_CODES } from './exit-codes';
import type { Output } from './command-line';
import type { ExitCode } from './exit-codes';
import { printable } from './printable';

/** How a run ended, with where its pull requests can be fetched from. */
export interface RunResult {
  readonly sessionId: string;
  readonly verdict:
    | { readonly kind: 'done' | 'asks-back' | 'stopped' }
    | { readonly kind: 'failed'; readonly reason: string };
  readonly pullRequests: readonly (SessionPullRequest & { readonly cloneUrl: string })[];
}

const EXIT_CODE_OF: Readonly<Record<RunResult['verdict']['kind'], ExitCode>> = {
  done: EXIT_CODES.done,
  failed: EXIT_CODES.failed,
  'asks-back': EXIT_CODES.asksBack,
  stopped: EXIT_CODES.stopped,
};

/** Tells the person, or as the last line of JSON a script, how a run ended. */
export function showRunResult(result: RunResult, json: boolean, { out, err }: Output): ExitCode {
  const { verdict, pullRequests } = result;
  const exitCode = EXIT_CODE_OF[verdict.kind];
  const fetches = pullRequests.map(
    ({ cloneUrl, headBranch }) =>
      `git fetch ${shellWord(cloneUrl)} ${shellWord(`${headBranch}:${headBranch}`)}`,
  );
  if (json) {
    out(`${JSON.stringify({ type: 'run.finished', ...result, exitCode, fetches })}\n`);
    return exitCode;
  }
  // The transcript has told all of it; one line says that this is how it ended.
  if (verdict.kind === 'failed') err(`swe: Failed. ${printable(verdict.reason).split('\n')[0]}\n`);
  pullRequests.forEach(({ url }, i) => out(`\nPull request: ${url}\nTo look at it: ${fetches[i]}\n`));
  return exitCode;
}

/** For the person's shell to take as one word. */
function shellWord(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
