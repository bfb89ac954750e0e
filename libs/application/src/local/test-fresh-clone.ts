import { isFault } from '@swe/domain';
import type { Processes, Repository, RunResult } from '@swe/domain';
import { tryGit } from '../tools/git';
import { endText, outputText, succeeded } from '../tools/run-report';
import { readTestCounts } from './test-counts';

const CLONE_TIMEOUT_MS = 5 * 60_000;
const TEST_TIMEOUT_MS = 5 * 60_000;
const PREVIEW_BYTES = 32_768;
/** What decides whether tests pass: these must be the base's own. */
const JUDGES = ['test', 'package.json'];

/** How the tests of a branch end in a clone that nobody worked in. */
export interface FreshTest {
  readonly cloned: boolean;
  /** The runner said what it counted; false when the command itself did not work. */
  readonly ran: boolean;
  readonly passed: boolean;
  /** Against the default branch, as far as they are shown: to tell, not to judge by. */
  readonly changedFiles: readonly string[];
  /** Those that judge are not known to be the default branch's own. */
  readonly judgesChanged: boolean;
  /** What was printed where it went wrong, or the counts. */
  readonly detail: string;
}

const NOTHING: FreshTest = {
  cloned: false,
  ran: false,
  passed: false,
  changedFiles: [],
  judgesChanged: false,
  detail: '',
};

/** Clones `branch` into `directory`, a new folder of the workspace, and runs `npm test` in it. */
export async function testFreshClone(
  processes: Pick<Processes, 'run'>,
  { cloneUrl, defaultBranch }: Repository,
  branch: string,
  directory: string,
  signal: AbortSignal,
): Promise<FreshTest> {
  const args = ['clone', '--quiet', '--no-local', '--branch', branch, '--', cloneUrl, directory];
  const clone = await outcomeOf(() =>
    tryGit(processes, args, { cwd: '.', signal, timeoutMs: CLONE_TIMEOUT_MS }),
  );
  if (!clone.ok) return { ...NOTHING, detail: clone.text };

  const range = `origin/${defaultBranch}...HEAD`;
  const diff = await tryGit(processes, ['diff', '--name-only', range], { cwd: directory, signal });
  const changedFiles = diff.output.head.split('\n').filter((line) => line !== '');
  const judges = ['diff', '--quiet', range, '--', ...JUDGES];
  const judgesChanged = !succeeded(await tryGit(processes, judges, { cwd: directory, signal }));

  const test = await outcomeOf(() =>
    processes.run(
      {
        command: { argv: ['npm', 'test'] },
        cwd: directory,
        timeoutMs: TEST_TIMEOUT_MS,
        previewBytes: PREVIEW_BYTES,
      },
      signal,
    ),
  );
  const { passed = 0, failed = 0 } = readTestCounts(test.text);
  const ran = passed + failed > 0;
  return {
    cloned: true,
    ran,
    passed: ran && test.ok && failed === 0,
    changedFiles,
    judgesChanged,
    detail: ran ? `${passed} passed, ${failed} failed` : test.text,
  };
}

/** A program that is not there is an answer too. */
async function outcomeOf(
  run: () => Promise<RunResult>,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  try {
    const result = await run();
    return { ok: succeeded(result), text: `${outputText(result.output)}\n${endText(result)}` };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { ok: false, text: error.message };
  }
}
