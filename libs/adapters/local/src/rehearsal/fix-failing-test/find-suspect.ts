import type { ScriptRun } from '../script';
import { must, Setback } from './setback';
import { callsIn, definitionOf, importsOf, numbersOf, statementAt } from './source-code';
import type { NumberLiteral } from './source-code';
import type { FailedComparison } from './test-report';
import { readSource } from './working-copy';

/** The function that a failing assertion calls, and the numbers in it. */
export interface Suspect {
  readonly functionName: string;
  /** In the workspace. */
  readonly path: string;
  readonly source: string;
  readonly numbers: readonly NumberLiteral[];
  /** The failing statement. */
  readonly assertion: string;
}

/** Goes from the failing assertion to the function it calls, by the test's imports and a search for the definition. */
export function* findSuspect(directory: string, failure: FailedComparison): ScriptRun<Suspect> {
  const testPath = pathIn(directory, failure.file);
  const test = yield* readSource(
    testPath,
    `"${failure.test}" expected ${failure.expected} and got ${failure.actual}. I read the assertion in line ${failure.line}.`,
  );
  const lines = test.split('\n');
  const imports = importsOf(test);
  const assertion = statementAt(lines, failure.line);
  const called = [assertion, lines.slice(0, failure.line).reverse().join('\n')].flatMap(callsIn);
  const functionName = called.find((name) => imports.has(name));
  if (functionName === undefined) {
    throw new Setback(
      `The failing assertion in ${testPath} calls nothing that the test imports from this repository:`,
      assertion,
    );
  }

  const module = imports.get(functionName);
  const [matches = ''] = yield* must(
    'Searching for the function failed:',
    `The assertion calls \`${functionName}\`, imported from ${module}. I search for its definition.`,
    { name: 'search', input: { pattern: definitionOf(functionName).source, path: directory } },
  );
  const path = bestMatch(matches, testPath, module ?? '');
  if (path === undefined) throw new Setback(`I found no definition of \`${functionName}\`:`, matches);
  const source = yield* readSource(path, `It is in ${path}.`);
  const numbers = numbersOf(source, functionName);
  if (numbers === undefined || numbers.length === 0) {
    throw new Setback(
      `\`${functionName}\` in ${path} holds no number, and wrong numbers are all that I can repair.`,
    );
  }
  return { functionName, path, source, numbers, assertion };
}

/** A path that a test run printed, as the file tools take it. */
function pathIn(directory: string, printed: string): string {
  const at = printed.lastIndexOf(`/${directory}/`);
  return at === -1 ? `${directory}/${printed}` : printed.slice(at + 1);
}

/** The imported module itself, else any other file but the test: modules may hand on what others define. */
function bestMatch(matches: string, testPath: string, module: string): string | undefined {
  const paths = matches.split('\n').flatMap((line) => /^(.+?):\d+:/.exec(line)?.[1] ?? []);
  const others = paths.map((path) => path.replace(/^\.\//, '')).filter((path) => path !== testPath);
  const fileName = module.slice(module.lastIndexOf('/'));
  return others.find((path) => path.endsWith(fileName)) ?? others[0];
}
