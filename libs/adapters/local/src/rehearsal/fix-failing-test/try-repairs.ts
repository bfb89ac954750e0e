import type { ScriptRun, ToolUse } from '../script';
import type { Suspect } from './find-suspect';
import { guessRepairs } from './guess-repairs';
import type { Measurement } from './guess-repairs';
import { Setback } from './setback';
import type { NumberLiteral } from './source-code';
import { putNumber, undoOf } from './source-edit';
import type { EditedSource, SourceEdit } from './source-edit';
import type { FailedComparison } from './test-report';
import { readSource, testRunOf, testsOf } from './working-copy';
import type { TestRun, WorkingCopy } from './working-copy';

const MAX_TRIES = 40;

export interface Repair {
  readonly wrong: string;
  readonly right: string;
  readonly tries: number;
  readonly tests: TestRun;
}

/**
 * Puts guessed numbers in the place of a suspect's, one at a time, and runs the tests after each. A guess that does
 * not pass is undone together with the next one.
 */
export function* tryRepairs(
  copy: WorkingCopy,
  suspect: Suspect,
  failure: FailedComparison,
  before: TestRun,
): ScriptRun<Repair> {
  const known = new Set(before.report.comparisons.map(placeOf));
  const ordered = suspect.numbers.toSorted((a, b) => innocence(a) - innocence(b));
  let undo: readonly SourceEdit[] = [];
  let tries = 0;
  for (const literal of ordered) {
    const guesses = guessRepairs(literal, failure, suspect.assertion);
    let guess = guesses.next();
    while (guess.done !== true && tries < MAX_TRIES) {
      tries += 1;
      const { value, rule } = guess.value;
      const edited = putNumber(suspect.source, literal, value);
      const say = `${tries === 1 ? 'I try' : 'That is not it. I undo it and try'} ${value} instead of ${literal.text} in \`${suspect.functionName}\` (${rule}).`;
      const tests = yield* editAndTest(copy, suspect.path, edited, [...undo, edited.edit], say);
      if (tests.passed) return { wrong: literal.text, right: String(value), tries, tests };
      undo = [undoOf(edited.edit)];
      guess = guesses.next(measured(tests, failure, known));
    }
  }
  if (undo.length > 0)
    yield { say: 'None of them is it. I undo the last one.', calls: [editing(suspect.path, undo)] };
  throw new Setback(
    `None of ${tries} guesses for ${listOf(suspect.numbers)} in \`${suspect.functionName}\` makes the tests pass, and I know no other rules.`,
  );
}

/** Rates and amounts are wrong more often than counts, those more often than 0 and 1; limits are hard to measure. */
function innocence({ text, value, role }: NumberLiteral): number {
  if (role === 'limit') return 3;
  if (value === 0 || value === 1) return 2;
  return text.includes('.') ? 0 : 1;
}

function* editAndTest(
  copy: WorkingCopy,
  path: string,
  wanted: EditedSource,
  edits: readonly SourceEdit[],
  say: string,
): ScriptRun<TestRun> {
  const [edit, tests] = yield { say, calls: [editing(path, edits), testsOf(copy)] };
  if (edit === undefined || tests === undefined) throw new Setback('An edit or a test run gave no result.');
  if (edit.isError) {
    // An edit that was interrupted after it was written is refused when it is made once more.
    const source = yield* readSource(path, 'The edit was refused. I look at what is in the file.');
    if (source.trimEnd() !== wanted.source.trimEnd()) throw new Setback(`Editing ${path} failed:`, edit.text);
  }
  return testRunOf(tests);
}

function editing(path: string, edits: readonly SourceEdit[]): ToolUse {
  return { name: 'edit_file', input: { path, edits: [...edits] } };
}

function measured({ report }: TestRun, failure: FailedComparison, known: ReadonlySet<string>): Measurement {
  const same = report.comparisons.find((comparison) => placeOf(comparison) === placeOf(failure));
  // A test ends at its first failure: one further down is no news about those before it.
  const pinned = report.comparisons.some(
    (comparison) =>
      !known.has(placeOf(comparison)) && (comparison.test !== failure.test || comparison.line < failure.line),
  );
  return { got: same?.actual, pinned };
}

function placeOf({ file, line }: FailedComparison): string {
  return `${file}:${line}`;
}

function listOf(numbers: readonly NumberLiteral[]): string {
  return numbers.map(({ text }) => text).join(', ');
}
