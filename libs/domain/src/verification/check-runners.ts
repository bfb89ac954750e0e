/** What a check looks at. */
export type CheckKind = 'tests' | 'build' | 'lint' | 'types';

/** What a script, target or task of this name checks; the first that fits counts. */
const NAMES: readonly (readonly [CheckKind, RegExp])[] = [
  ['lint', /(?:^|[:_./-])(?:lint|eslint|format|fmt|prettier|style|clippy|vet)/i],
  ['types', /(?:^|[:_./-])(?:type-?s?-?check|types?|tsc|mypy|pyright)(?:$|[:_./-])/i],
  [
    'tests',
    /(?:^|[:_./-])(?:run-?)?(?:tests?|specs?|e2e|unit|integration|jest|vitest|mocha|pytest|phpunit|check|verify|ci)(?:$|[:_.-])|[a-z]Tests?$/i,
  ],
  ['build', /(?:^|[:_./-])(?:build|compile|assemble|bundle|package|dist)(?:$|[:_./-])|^classes$/i],
];

/** Programs and what they check, by the command's words without its wrappers and the options before a subcommand. */
const RUNNERS: readonly (readonly [CheckKind, RegExp])[] = [
  [
    'tests',
    /^(?:jest|vitest|mocha|ava|tap|jasmine|karma|cypress|playwright test|wdio|c8|nyc|pytest|py\.test|unittest|nose2?|tox|nox|behave|rspec|cucumber|minitest|phpunit|pest|codecept|paratest|ctest|prove|busted|bats|gotestsum|ginkgo)(?: |$)/,
  ],
  ['tests', /^node (?:\S+ )*--test(?: |$|=)/],
  ['tests', /^(?:manage\.py|python3?(?:\.\d+)? (?:\.\/)?manage\.py|artisan|php artisan) test/],
  [
    'tests',
    /^(?:cargo (?:test|nextest|t)|go test|dotnet test|mix test|swift test|stack test|cabal test)(?: |$)/,
  ],
  [
    'tests',
    /^(?:flutter|dart|deno|zig build|gleam|dune|lein|sbt|bazel|bazelisk|buck2?|rails|composer) (?:test|runtest)/,
  ],
  [
    'types',
    /^(?:tsc|vue-tsc|tsgo|mypy|pyright|basedpyright|pyre|flow|sorbet|srb|phpstan|psalm|cargo check|go vet)(?: |$)/,
  ],
  [
    'lint',
    /^(?:eslint|biome|prettier|oxlint|stylelint|tslint|standard|xo|ruff|flake8|pylint|black|isort|rubocop|standardrb|golangci-lint|staticcheck|gofmt|cargo (?:clippy|fmt)|ktlint|detekt|checkstyle|phpcs|php-cs-fixer|shellcheck|hadolint|actionlint|pre-commit|credo|mix (?:credo|format)|swiftlint|clang-tidy|dotnet format)(?: |$)/,
  ],
  [
    'build',
    /^(?:cargo build|go build|dotnet build|mix compile|swift build|stack build|cabal build|zig build|webpack|rollup|esbuild|vite build|next build|ng build|tsup|msbuild|cmake --build|ninja|flutter build|javac|bazel(?:isk)? build)(?: |$)/,
  ],
];

/** Programs whose subcommands, targets or tasks a project names itself. */
const TASK_RUNNERS =
  /^(?:npm|pnpm|yarn|bun|deno task|node --run|nx|turbo|lerna|rush|make|gmake|just|task|mage|rake|invoke|inv|gradle|gradlew|mvn|mvnw|ant|sbt|grunt|gulp|composer|mise|moon|poe|hatch|bash|sh)$/;
const NO_TASKS =
  /^(?:run|run-script|run-many|affected|exec|task|workspace|workspaces|foreach|install|i|ci|add|remove|init|publish|-.*)$/;

/** What a command checks, by its words. Undefined for what is no check, also where it names one (`cat test.js`). */
export function checkKindOf(words: readonly string[]): CheckKind | undefined {
  const line = words.join(' ');
  const known = RUNNERS.find(([, pattern]) => pattern.test(line));
  if (known !== undefined) return known[0];
  const [program = '', ...rest] = words;
  // A script of the project's own: `./run-tests.sh`.
  if (/\.(?:sh|bash|py|rb|js|mjs|ts)$/.test(program)) return kindOfName(program.replace(/\.\w+$/, ''));
  const runner = ['deno task', 'node --run'].find((each) => line.startsWith(`${each} `)) ?? program;
  if (!TASK_RUNNERS.test(runner)) return undefined;
  const names = targetsOf(runner, rest);
  // In the order of what people want to know: `gradle build test`, `nx run-many -t lint test`.
  const kinds = new Set(names.map(kindOfName));
  return (['tests', 'types', 'lint', 'build'] as const).find((kind) => kinds.has(kind));
}

function targetsOf(runner: string, rest: readonly string[]): readonly string[] {
  const end = rest.indexOf('--');
  const own = end < 0 ? rest : rest.slice(0, end);
  const named = own.flatMap((word) => /^--(?:targets?|run)=(.*)$/.exec(word)?.[1]?.split(',') ?? [word]);
  const tasks = named.filter((word) => !NO_TASKS.test(word));
  // The first is the script, what follows are its arguments; `npm ci` installs.
  if (/^(?:npm|pnpm|yarn|bun|bash|sh)$/.test(runner)) {
    const [script = ''] = own.filter((word) => !word.startsWith('-'));
    if (script === 'workspace') return targetsOf(runner, own.slice(own.indexOf(script) + 2));
    if (script === 'ci') return [];
    return [/^(?:t|tst)$/.test(script) ? 'test' : script.replace(/\.\w+$/, '')];
  }
  // `make -C dir test`, `nx run shop:test`, `gradle :app:test`
  return tasks;
}

function kindOfName(name: string): CheckKind | undefined {
  return NAMES.find(([, pattern]) => pattern.test(name))?.[0];
}
