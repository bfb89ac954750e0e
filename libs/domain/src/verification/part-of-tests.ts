import { isTestFile, testLanguageOf } from './test-patterns';

/** Options that choose among tests, of whichever runner. */
const CHOOSES =
  /^(?:--(?:testNamePattern|test-name-pattern|testPathPatterns?|testPathIgnorePatterns|findRelatedTests|onlyChanged|only-changed|onlyFailures|changed|changedSince|last-failed|lf|failed|deselect|ignore|ignore-glob|grep|fgrep|grep-invert|shard|example|exclude-group|gtest_filter|test_filter)(?:=|$)|-Dtest=|-Dit\.test=)/;

/** Those that mean it for some runners, and something else for others. */
const CHOOSES_FOR: readonly (readonly [program: RegExp, option: RegExp])[] = [
  [/^(?:jest|vitest)$/, /^(?:-t|-o)$/],
  [/^(?:pytest|py\.test)$/, /^-[km]/],
  [/^(?:unittest|nose2?)$/, /^-k/],
  [/^(?:mocha|playwright)$/, /^-[gf]$/],
  [/^cypress$/, /^(?:--spec|-s)(?:=|$)/],
  [/^ctest$/, /^(?:-R|-E|-L|-LE|--tests-regex|--exclude-regex|--label-regex|--rerun-failed)(?:=|$)/],
  [/^rspec$/, /^(?:-e|-t|--tag|--only-failures)(?:=|$)/],
  [/^go$/, /^--?(?:test\.)?(?:run|skip|short)(?:=|$)/],
  [/^cargo$/, /^(?:--skip|--exact|--lib|--bins?|--doc)(?:=|$)/],
  [/^(?:phpunit|pest|paratest|artisan|php|dotnet|swift)$/, /^--(?:filter|group|testsuite)(?:=|$)/],
  [/^(?:gradle|gradlew)$/, /^--tests(?:=|$)/],
];

/** Handed on by a script of the project's own, they are most likely its runner's. */
const SCRIPT_RUNNER = /^(?:npm|pnpm|yarn|bun)$/;
const CHOOSES_BEHIND_SCRIPT = /^(?:-t|-k|-g)$/;
/** `a.test.ts:12`, `test_a.py::test_total` */
const PLACE_IN_FILE = /(?:::.*|(?::\d+)+)$/;
const SETTINGS_FILE = /\.config\.\w+$/;
/** What stands behind is no test, wherever it lies. */
const NAMES_NO_TEST =
  /^(?:-[crp]|--(?:config|require|import|loader|bootstrap|project|rootdir|setup\w*|globalSetup|output-?file|reporters?))$/i;
/** Their first word is the script that runs the tests. */
const SHELL = /^(?:bash|sh)$/;

/** The word by which a command runs but some of the tests; undefined where nothing says so. */
export function partOfTests([program = '', ...rest]: readonly string[]): string | undefined {
  const choosing = CHOOSES_FOR.filter(([name]) => name.test(program)).map(([, option]) => option);
  const end = rest.indexOf('--');
  const isHandedOn = (at: number): boolean => SCRIPT_RUNNER.test(program) && end >= 0 && at > end;
  return rest.find((word, at) => {
    if (CHOOSES.test(word) || choosing.some((option) => option.test(word))) return true;
    if (isHandedOn(at) && CHOOSES_BEHIND_SCRIPT.test(word)) return true;
    return !SHELL.test(program) && !NAMES_NO_TEST.test(rest[at - 1] ?? '') && isFileOfTests(word);
  });
}

function isFileOfTests(word: string): boolean {
  const file = word.replace(PLACE_IN_FILE, '');
  if (word.startsWith('-') || SETTINGS_FILE.test(file)) return false;
  return isTestFile(file) && testLanguageOf(file) !== undefined;
}
