import type { Script, ScriptRun } from '../script';
import { deliver } from './deliver';
import { findSuspect } from './find-suspect';
import { must, Setback } from './setback';
import { taskOf } from './task';
import type { Task } from './task';
import type { FailedComparison } from './test-report';
import { tryRepairs } from './try-repairs';
import { lookAround, testRunOf, testsOf } from './working-copy';
import type { TestRun, WorkingCopy } from './working-copy';

const HELLO =
  'This is a rehearsal: a fixed script with simple rules, not an intelligence. It can repair one kind of bug, a wrong number that a failing test points to.';
const NO_PULL_REQUEST =
  'I end here, without a pull request. This was a rehearsal, a fixed script; a real model is connected with SWE_MODEL.';

/**
 * Repairs a repository in which one number is wrong, knowing nothing of it but what the tools say: runs the tests,
 * goes from the failing assertion to the function it calls, tries numbers that follow from what was expected and
 * what came out, and opens a pull request once all tests pass. What it cannot do it says, naming the step.
 */
export const fixFailingTest: Script = function* (words) {
  try {
    return { say: yield* fix(words), gaveUp: false };
  } catch (error) {
    if (!(error instanceof Setback)) throw error;
    return { say: `${error.message}\n\n${NO_PULL_REQUEST}`, gaveUp: true };
  }
};

function* fix(words: string): ScriptRun<string> {
  const task = taskOf(words);
  if (task === undefined) {
    throw new Setback(`${HELLO}\n\nThe task names no repository: it needs an issue's or a repository's URL.`);
  }
  const directory = yield* clone(task);
  const copy = yield* lookAround(directory);
  const { before, failure } = yield* reproduce(copy);
  const suspect = yield* findSuspect(directory, failure);
  const repair = yield* tryRepairs(copy, suspect, failure, before);
  return yield* deliver({ task, copy, before, failure, suspect, repair });
}

function* clone({ repository, title }: Task): ScriptRun<string> {
  const what = title === undefined ? `a failing test in ${repository}` : `"${title}"`;
  const [, cloned = ''] = yield* must(
    'Cloning the repository failed:',
    `${HELLO}\n\nThe task is ${what}. I clone ${repository}.`,
    {
      name: 'report_progress',
      input: { message: `This is a rehearsal, not an intelligence. I start on ${what}.` },
    },
    { name: 'clone_repository', input: { repository } },
  );
  const directory = /(?: into |already in )(.+?)(?:\.$|, left as it is)/m.exec(cloned)?.[1];
  if (directory === undefined) throw new Setback('I cannot read where the repository was cloned to:', cloned);
  return directory;
}

/** Runs the tests, which must fail by comparing two numbers. */
function* reproduce(copy: WorkingCopy): ScriptRun<{ before: TestRun; failure: FailedComparison }> {
  const say = `I run the tests with \`${copy.testCommand}\`, to see the problem before I change anything.`;
  const [outcome] = yield { say, calls: [testsOf(copy)] };
  const before = testRunOf(outcome ?? { text: '', isError: true });
  const { passed, failed, comparisons } = before.report;
  const counted = passed !== undefined || failed !== undefined;
  if (!counted && outcome?.isError === false) {
    throw new Setback(
      `\`${copy.testCommand}\` passes, and printed no counts of node's test runner, the only ones I can read:`,
      before.output,
    );
  }
  if (!counted) throw new Setback('The test command did not run:', before.output);
  if (passed === 0 && failed === 0)
    throw new Setback('There are no tests, and I know no other sign of the problem.');
  if (before.passed)
    throw new Setback(
      `All ${passed} tests pass already: no test shows the problem, and I know no other sign of it.`,
    );
  const [failure] = comparisons;
  if (failure === undefined) {
    throw new Setback(
      'The tests fail, but no assertion in their output compares two numbers, and I know no other signs:',
      before.output,
    );
  }
  return { before, failure };
}
