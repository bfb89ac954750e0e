import { stripVTControlCharacters } from 'node:util';

/** An assertion that compared two numbers and failed. */
export interface FailedComparison {
  readonly test: string;
  /** Where the assertion stands. */
  readonly file: string;
  readonly line: number;
  readonly expected: number;
  readonly actual: number;
}

/** What a run of node's test runner printed. */
export interface TestReport {
  /** Undefined when no count was printed: then no tests ran. */
  readonly passed: number | undefined;
  readonly failed: number | undefined;
  readonly comparisons: readonly FailedComparison[];
}

/** How a failing test is headed: TAP (Node 20 and 22, away from a terminal), and spec. */
const HEADINGS = /^[ \t]*(?:not ok \d+ - (.+)|✖ (.+) \(\d[\d.]*ms\))$/gm;
const FRAME = /\(?(?:file:\/\/)?(\/[^\s()]+):(\d+):\d+\)?/;

/** Reads the output of `node --test`, of its TAP or spec reporter (https://nodejs.org/api/test.html#test-reporters). */
export function readTestReport(output: string): TestReport {
  const plain = stripVTControlCharacters(output);
  const headings = [...plain.matchAll(HEADINGS)];
  const comparisons = new Map<string, FailedComparison>();
  headings.forEach((heading, i) => {
    const details = plain.slice(heading.index + heading[0].length, headings[i + 1]?.index);
    const comparison = comparisonIn(heading[1] ?? heading[2] ?? '', details);
    // The spec reporter may print a failure twice: in its place and at the end.
    if (comparison !== undefined) comparisons.set(`${comparison.file}:${comparison.line}`, comparison);
  });
  return {
    passed: countOf(plain, 'pass'),
    failed: countOf(plain, 'fail'),
    comparisons: [...comparisons.values()],
  };
}

function comparisonIn(test: string, details: string): FailedComparison | undefined {
  const stack = details.slice(details.search(/^\s*(?:at |stack:)/m));
  const [, file, line] = FRAME.exec(stack) ?? [];
  const expected = numberOf(details, 'expected');
  const actual = numberOf(details, 'actual');
  if (file === undefined || expected === undefined || actual === undefined) return undefined;
  return { test, file: decodeURI(file), line: Number(line), expected, actual };
}

function numberOf(details: string, name: 'expected' | 'actual'): number | undefined {
  const value = new RegExp(`^\\s*${name}: (-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?),?$`, 'm').exec(details)?.[1];
  return value === undefined ? undefined : Number(value);
}

/** In all: a monorepo's command may run the runner once for each package. */
function countOf(output: string, name: 'pass' | 'fail'): number | undefined {
  const counts = [...output.matchAll(new RegExp(`^(?:#|ℹ) ${name} (\\d+)\\s*$`, 'gm'))];
  return counts.length === 0 ? undefined : counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
