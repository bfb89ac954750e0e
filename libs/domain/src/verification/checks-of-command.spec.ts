import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checksOfCommand, placesOf, swapsFiles } from './checks-of-command';
import type { CheckKind } from './check-runners';

const kindsOf = (script: string): readonly CheckKind[] => checksOfCommand(script).map(({ kind }) => kind);

describe('a command is a check', () => {
  it.each<[CheckKind, readonly string[]]>([
    [
      'tests',
      [
        'npm test',
        'npm t',
        'npm -s run test:unit -- --ci',
        'npm --prefix shop run test',
        'CI=1 npm test 2>&1',
        'yarn test',
        'pnpm --filter shop test',
        'bun run test',
        'npx -y jest src',
        './node_modules/.bin/vitest run',
        'node --test',
        'nx run-many -t lint test -p shop',
        'turbo run test',
        'python3 -m pytest -x tests/',
        'poetry run pytest',
        'uv run pytest',
        'python -m unittest discover',
        'tox -e py312',
        'go test ./...',
        'cargo test --all',
        'cargo nextest run',
        './gradlew :app:testDebugUnitTest',
        'gradle build test',
        './mvnw -q verify',
        'mvn -B test',
        'dotnet test Shop.sln',
        'bundle exec rspec',
        'rake test',
        'rails test',
        'vendor/bin/phpunit',
        'php artisan test',
        'mix test',
        'swift test',
        'flutter test',
        'ctest --output-on-failure',
        'make -C build check',
        'just test',
        './scripts/run-tests.sh',
        'bash test.sh',
        'bash -c "cd shop && npm test"',
        'timeout -k 5 300 npm test',
        'time -p npm test',
        'deno test',
        'sbt test',
        'bazel test //...',
        'command pytest -v',
        'command -p pytest',
        'mvn -B -V test',
        'ctest -V',
        'go test -v ./...',
      ],
    ],
    [
      'types',
      ['tsc --noEmit', 'npx tsc -p .', 'mypy src', 'npm run typecheck', 'cargo check', 'go vet ./...'],
    ],
    ['lint', ['eslint .', 'ruff check', 'npm run lint', 'cargo clippy', 'golangci-lint run', 'make lint']],
    ['build', ['npm run build', 'go build ./...', 'make build', 'cargo build --release', 'gradle assemble']],
  ])('of %s', (kind, scripts) => {
    expect(scripts.filter((script) => kindsOf(script).join() !== kind)).toEqual([]);
  });

  it.each([
    'ls test',
    'cat package.json',
    'echo npm test',
    'git commit -m "npm test && fix"',
    'grep -r "pytest" .',
    'npm ci',
    'npm install test',
    '# npm test',
    'cat > run.sh <<EOF\nnpm test\nEOF',
    "printf '%s' 'npm test'",
    'cd test',
    'vim jest.config.js',
    'mkdir -p build',
    'rm -rf dist',
    'command -v pytest',
    'command -pV pytest',
    'npx jest --version',
    'jest -v',
    'pytest --help',
    'mypy -V',
    'npm test -- -h',
    'tsc -v',
    '',
  ])('not %j', (script) => {
    expect(kindsOf(script)).toEqual([]);
  });

  it('of each kind that its script has', () => {
    expect(kindsOf('npm ci\nnpm run lint && npm test; npx tsc')).toEqual(['lint', 'tests', 'types']);
  });

  it.each<[string, string | undefined]>([
    ['npm test', ''],
    ['cd shop && npm test', 'shop'],
    ['cd shop; cd lib; npm test', 'shop/lib'],
    ['(cd shop && ls); npm test', ''],
    ['(cd shop && npm test)', 'shop'],
    ['cd /workspace/shop && npm test', '/workspace/shop'],
    ['cd "$DIR" && npm test', undefined],
    ['cd && npm test', undefined],
    ['cd - && npm test', undefined],
    ['cd ~ && npm test', undefined],
    ['make -C shop test', 'shop'],
    ['npm --prefix shop test', 'shop'],
    ['bash -c "cd shop && npm test"', 'shop'],
    ['cd a && bash -c "cd b && npm test"', 'a/b'],
  ])('%j in %j', (script, directory) => {
    expect(checksOfCommand(script).map((check) => check.directory)).toEqual([directory]);
  });
});

describe('the places of checks', () => {
  it.each<[string, readonly (string | undefined)[]]>([
    ['npm test', ['/workspace/shop']],
    ['npm run lint && cd ./lib/.. && npm test', ['/workspace/shop']],
    ['cd ../fare; npm test', ['/workspace/fare']],
    ['cd ../../.. && npm test', ['/']],
    ['cd /a//b/ && npm test', ['/a/b']],
    ['(cd a && npm test); (cd b && npm test)', ['/workspace/shop/a', '/workspace/shop/b']],
    ['npm test; cd "$DIR" && npm test', ['/workspace/shop', undefined]],
    ['ls', []],
  ])('of %j, each once', (script, places) => {
    expect(placesOf(checksOfCommand(script), '/workspace/shop')).toEqual(places);
  });
});

describe('a script swaps files', () => {
  it.each([
    'git stash && npm test && git stash pop',
    'npm test; git checkout HEAD~1 -- src',
    'git -C shop switch main && npm test',
    'git -c core.editor=vi --no-pager restore .',
    'sudo /usr/bin/git reset --hard',
    'bash -c "git stash; npm test"',
    'cd shop && (git stash) && npm test',
  ])('with %j', (script) => expect(swapsFiles(script)).toBe(true));

  it.each([
    'npm test && git commit -m "git stash"',
    'git -C checkout status',
    'git log --grep reset',
    'echo git stash',
    'npm test',
  ])('not with %j', (script) => expect(swapsFiles(script)).toBe(false));
});

describe('the tests of a script', () => {
  const partsOf = (script: string) => checksOfCommand(script).map(({ part }) => part);

  it.each([
    ['npx jest src/fare.spec.ts', 'src/fare.spec.ts'],
    ['npx jest -t "adds"', '-t'],
    ['npm test -- -t adds', '-t'],
    ['npx jest --ci src/fare.spec.ts', 'src/fare.spec.ts'],
    ['npm test -- --testPathPatterns fare', '--testPathPatterns'],
    ['npm test -- test/fare.test.js', 'test/fare.test.js'],
    ['vitest run --changed', '--changed'],
    ['python3 -m pytest -k "not slow"', '-k'],
    ['pytest tests/test_fare.py::test_total', 'tests/test_fare.py::test_total'],
    ['pytest --lf', '--lf'],
    ['bundle exec rspec spec/fare_spec.rb:12', 'spec/fare_spec.rb:12'],
    ['go test -run TestFare ./...', '-run'],
    ['mvn -Dtest=FareTest test', '-Dtest=FareTest'],
    ['./gradlew test --tests FareTest', '--tests'],
    ['dotnet test --filter Fare', '--filter'],
    ['npx playwright test -g fare', '-g'],
    ['node --test test/fare.test.js', 'test/fare.test.js'],
    ['cd shop && bash -c "npx jest fare.spec.ts"', 'fare.spec.ts'],
  ])('are but some in %j, by %j', (script, part) => {
    expect(partsOf(script)).toEqual([part]);
  });

  it.each([
    'npm test',
    'npm test -- --ci --reporters default',
    'npx jest --config jest.config.js --runInBand',
    'npx vitest run -c vitest.config.ts',
    'npx jest --config ./test/jest-e2e.json',
    'npx mocha -r test/setup.ts --recursive',
    'npx -y jest src',
    'python3 -m pytest -x tests/',
    'pytest -q',
    'go test -v -race ./...',
    'cargo test --tests',
    'make -k test',
    'mvn -B -o test',
    'dotnet test Shop.Tests.csproj',
    'pnpm --filter shop test',
    'nx run-many -t test -p shop',
    'bash test.sh',
    'node --test',
    'npx eslint --ignore a.spec.ts',
  ])('are all that there are, as far as %j says', (script) => {
    expect(partsOf(script)).toEqual([undefined]);
  });
});

describe('the exit code of a script', () => {
  it.each([
    'npm test',
    'cd shop && npm test',
    'npm ci; npm test',
    'npm test 2>&1',
    'npm test > log 2>&1',
    'npm test &> log',
    'set -e\nnpm test\necho done',
    'set -euo pipefail; npm test | tee log; echo done',
    'set -o pipefail; npm test | tail -20',
    'npm test || exit 1',
    'npm test && cat log | tail',
    "trap 'rm log' EXIT; npm test",
    'npm test || { exit 1; }',
    'npm test; exit $?',
    'npm test; code=$?; cat log; exit $code',
    'npm test && echo passed',
    '(cd shop && npm test)',
    'npm test # || true',
    'npm test;',
    'npm test\n',
  ])('is that of the check in %j', (script) => {
    expect(checksOfCommand(script).map(({ mask }) => mask)).toEqual([undefined]);
  });

  it.each([
    ['npm test || true', '|| true'],
    ['npm test || :', '|| :'],
    ['npm test || echo "failed, as before"', '|| echo failed, as before'],
    ['npm test || exit 0', '|| exit 0'],
    ['npm test && echo ok || true', '|| true'],
    ['npm test; true', '; true gives the exit code'],
    ['npm test\necho "exit: $?"', '; echo exit: $? gives the exit code'],
    ['npm test | tee log', '| tee without pipefail'],
    ['npm test 2>&1 | tail -20', '| tail without pipefail'],
    ['set -e; npm test | tee log', '| tee without pipefail'],
    ['set -o pipefail; npm test | tee log; true', '; true gives the exit code'],
    ['set -e; set +e; npm test; true', '; true gives the exit code'],
    ['set -e; npm test || true', '|| true'],
    ['set -e; npm test && echo ok; echo done', '; echo done gives the exit code'],
    ["trap 'exit 0' EXIT; npm test", 'trap exit 0'],
    ["set -e; trap 'exit 0' EXIT; npm test; ls", 'trap exit 0'],
    ['(npm test) || true', '|| true'],
    ['{ npm test; } || true', '|| true'],
    ['(npm test); true', '; true gives the exit code'],
    ['if npm test; then echo ok; fi', 'is a condition'],
    ['! npm test', 'is a condition'],
    ['npm test & wait', 'its end is not waited for'],
    ['bash -c "npm test || true"', '|| true'],
    ['bash -c "npm test" || true', '|| true'],
    ['npx jest --passWithNoTests', '--passWithNoTests passes without tests'],
    ['npm test -- --passWithNoTests', '--passWithNoTests passes without tests'],
    ['npm run test --if-present', '--if-present passes where there is no such script'],
    ['mvn -Dmaven.test.failure.ignore=true test', '-Dmaven.test.failure.ignore=true ignores failures'],
    ['mvn -DskipTests verify', '-DskipTests skips tests'],
    ['pytest --collect-only', '--collect-only runs no test'],
    ['ruff check --exit-zero', '--exit-zero exits with 0 whatever it finds'],
  ])('is not that of the check in %j: %s', (script, mask) => {
    expect(checksOfCommand(script).map((check) => check.mask)).toEqual([mask]);
  });

  it('can be told of any script', () => {
    const piece = fc.constantFrom(
      ...[
        'npm test',
        '||',
        '|',
        ';',
        '\n',
        '(',
        ')',
        "'",
        '"',
        '`',
        '$(',
        '${',
        '}',
        '<<E',
        '\\',
        '#',
        '&',
        'cd',
        ' ',
      ],
    );
    fc.assert(fc.property(fc.array(piece), (pieces) => void checksOfCommand(pieces.join(''))));
  });
});
