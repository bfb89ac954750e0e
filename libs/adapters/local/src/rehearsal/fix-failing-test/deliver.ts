import type { ScriptRun } from '../script';
import type { Suspect } from './find-suspect';
import { must, Setback } from './setback';
import type { Task } from './task';
import type { FailedComparison } from './test-report';
import type { Repair } from './try-repairs';
import { inClone, shellWord } from './working-copy';
import type { TestRun, WorkingCopy } from './working-copy';

/** Everything the script found out and did. */
export interface Work {
  readonly task: Task;
  readonly copy: WorkingCopy;
  readonly before: TestRun;
  readonly failure: FailedComparison;
  readonly suspect: Suspect;
  readonly repair: Repair;
}

/** Looks at the diff, commits it, opens the pull request and gives the last words. */
export function* deliver(work: Work): ScriptRun<string> {
  const { copy, failure, suspect, repair, task } = work;
  const file = suspect.path.slice(copy.directory.length + 1);
  const [diff = ''] = yield* must(
    'Reading the diff failed:',
    `All tests pass with ${repair.right} instead of ${repair.wrong}. I look at what I changed before I commit it.`,
    inClone(copy, 'git diff'),
  );
  const changed = [...diff.matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, path]) => path);
  if (changed.length !== 1 || changed[0] !== file)
    throw new Setback(`The diff should hold ${file} and nothing else:`, diff);

  const subject = `fix: correct a number in ${suspect.functionName}`;
  const reason = `The test "${failure.test}" expected ${failure.expected} and got ${failure.actual}: ${repair.wrong} should be ${repair.right}.`;
  // An interrupted commit is made once more, and then there may be nothing left of it to do.
  const commit = `git add -A && (git diff --cached --quiet || git commit -m ${shellWord(subject)} -m ${shellWord(reason)})`;
  yield* must('Committing failed:', 'The diff is what I meant. I commit it.', inClone(copy, commit));

  const [, opened = ''] = yield* must(
    'Pushing the branch or opening the pull request failed:',
    'I report and open the pull request.',
    {
      name: 'report_progress',
      input: { message: `All tests pass now: in ${file}, ${repair.wrong} had to be ${repair.right}.` },
    },
    {
      name: 'open_pull_request',
      input: { directory: copy.directory, title: subject, body: pullRequestBody(work, file) },
    },
  );
  const closes = task.issueNumber === undefined ? '' : ` It closes issue ${task.issueNumber}.`;
  return [
    `${opened.split('\n')[0]}${closes}`,
    `- Found: \`${suspect.functionName}\` in ${file} used ${repair.wrong}; ${repair.right} makes the tests pass (guess ${repair.tries}).`,
    `- Verified: \`${copy.testCommand}\` failed before (${countsOf(work.before)}) and passes now (${countsOf(repair.tests)}).`,
    '- Open: the tests decided, nobody thought about it. This was a rehearsal, a fixed script and not an intelligence; a real model is connected with SWE_MODEL.',
  ].join('\n');
}

function pullRequestBody({ task, copy, before, failure, suspect, repair }: Work, file: string): string {
  const closes = task.issueNumber === undefined ? '' : `\n\nCloses #${task.issueNumber}`;
  return `## What

\`${suspect.functionName}\` in \`${file}\` used ${repair.wrong} where ${repair.right} is right.

## Why

The test "${failure.test}" expected ${failure.expected} and got ${failure.actual}.${closes}

## How it was checked

- \`${copy.testCommand}\` before the change: ${countsOf(before)}.
- \`${copy.testCommand}\` after the change: ${countsOf(repair.tests)}.
- Not checked: anything that no test covers.

This pull request was made by the rehearsal, a fixed script that tries numbers until the tests pass. It is not an intelligence: read the change before you merge it.`;
}

function countsOf({ report }: TestRun): string {
  return `${report.passed ?? 0} passed, ${report.failed ?? 0} failed`;
}
