import { describe, expect, it } from '@jest/globals';
import { findingsOfDiff, needsPersonsWord } from './diff-findings';
import type { DiffFinding } from './diff-findings';

/** `git diff` of one file that changes from these lines to those. */
function diffOf(path: string, removed: readonly string[], added: readonly string[], header = ''): string {
  const hunk = `@@ -1,${removed.length} +1,${added.length} @@`;
  const lines = [...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)];
  return [`diff --git a/${path} b/${path}`, header, `--- a/${path}`, `+++ b/${path}`, hunk, ...lines, '']
    .filter((line) => line !== '')
    .join('\n');
}

const kindsOf = (diff: string): readonly DiffFinding['kind'][] =>
  findingsOfDiff(diff).map(({ kind }) => kind);

describe('a test that is skipped is found', () => {
  it.each([
    ['a.spec.ts', "it('x', () => {", "it.skip('x', () => {"],
    ['a.test.js', "test('x', () => {", "xtest('x', () => {"],
    ['a.test.js', "describe('x', () => {", "describe.only('x', () => {"],
    ['a.test.js', "it.each(rows)('x', () => {", "it.skip.each(rows)('x', () => {"],
    ['a.test.mjs', "test('x', () => {", "test('x', { skip: true }, () => {"],
    ['e2e/cart.ts', "test('x', async () => {", "test.fixme('x', async () => {"],
    ['tests/test_a.py', '', '@pytest.mark.skip(reason="later")'],
    ['tests/test_a.py', '', '    @unittest.skipIf(True, "later")'],
    ['tests/test_a.py', '', '@pytest.mark.xfail'],
    ['tests/test_a.py', '', '    pytest.skip("later")'],
    ['cart_test.go', '', '\tt.Skip("later")'],
    ['cart_test.go', '', '//go:build ignore'],
    ['src/cart.rs', '', '    #[ignore]'],
    ['src/cart.rs', '', '    #[cfg_attr(ci, ignore)]'],
    ['src/test/java/CartTest.java', '', '  @Disabled("later")'],
    ['src/test/java/CartTest.java', '', '  @org.junit.Ignore'],
    ['src/test/kotlin/CartTest.kt', '', '  assumeTrue(false)'],
    ['Shop.Tests/Cart.cs', '[Fact]', '[Fact(Skip = "later")]'],
    ['spec/cart_spec.rb', "  it 'adds' do", "  xit 'adds' do"],
    ['spec/cart_spec.rb', "  it 'adds' do", "  it 'adds', :skip do"],
    ['tests/CartTest.php', '', '$this->markTestSkipped();'],
    ['test/cart_test.exs', '', '  @tag :skip'],
    ['Tests/CartTests.swift', '', 'throw XCTSkip("later")'],
    ['test/cart_test.dart', "test('x', () {});", "test('x', () {}, skip: true);"],
    ['tests/cart_test.cc', 'TEST(Cart, Adds) {', 'TEST(Cart, DISABLED_Adds) {'],
    ['jest.config.js', '', "  testPathIgnorePatterns: ['cart'],"],
    ['conftest.py', '', 'collect_ignore = ["test_a.py"]'],
  ])('in %s: %j becomes %j', (path, before, after) => {
    const removed = before === '' ? [] : [before];
    expect(kindsOf(diffOf(path, removed, [after]))).toContain('tests-skipped');
  });

  it.each([
    ['src/queue.ts', 'queue.skip(1);'],
    ['a.spec.ts', "it('passes over what is to be skipped', () => {"],
    ['a.spec.ts', "expect(words).toEqual(['skip']);"],
    ['README.md', '`it.skip` is not allowed'],
    ['tests/test_a.py', '    assert skip(1) == 2'],
  ])('but not in %s: %j', (path, after) => {
    expect(kindsOf(diffOf(path, [], [after]))).not.toContain('tests-skipped');
  });
});

describe('what a change takes from tests is found', () => {
  it.each<[DiffFinding['kind'], string, readonly string[], readonly string[]]>([
    [
      'assertions-removed',
      'a.spec.ts',
      ['  expect(a).toBe(1);', '  expect(b).toBe(2);'],
      ['  expect(a).toBe(1);'],
    ],
    ['assertions-removed', 'tests/test_a.py', ['    assert total == 3'], ['    total']],
    ['assertions-removed', 'cart_test.go', ['\t\tt.Errorf("got %d", n)'], []],
    ['assertions-removed', 'src/cart.rs', ['        assert_eq!(total, 3);'], []],
    ['assertions-removed', 'src/test/java/CartTest.java', ['  assertEquals(3, total);'], []],
    ['assertions-removed', 'spec/cart_spec.rb', ['    expect(total).to eq 3'], []],
    ['assertions-loosened', 'a.spec.ts', ['  expect(a).toBe(1);'], ['  expect(a).toBeDefined();']],
    ['assertions-loosened', 'tests/test_a.py', ['    assert total == 3'], ['    assert True']],
    ['tests-deleted', 'a.spec.ts', ["it('adds', () => {", '});'], []],
    ['tests-deleted', 'a.spec.ts', ["it('adds', () => {"], ["// it('adds', () => {"]],
    ['tests-deleted', 'tests/test_a.py', ['def test_adds():'], ['def adds():']],
    ['tests-deleted', 'cart_test.go', ['func TestAdds(t *testing.T) {'], []],
    ['tests-edited', 'a.spec.ts', ['  expect(a).toBe(1);'], ['  expect(a).toBe(2);']],
    ['test-setup', 'jest.config.js', ["  testMatch: ['a'],"], ["  testMatch: ['b'],"]],
    ['test-setup', 'package.json', ['    "test": "jest",'], ['    "test": "true",']],
    ['workflow', '.github/workflows/ci.yml', ['  - run: npm test'], ['  - run: true']],
    ['workflow', '.gitlab-ci.yml', [], ['test:']],
    ['workflow', 'Jenkinsfile', [], ['x']],
  ])('%s in %s: %j becomes %j', (kind, path, removed, added) => {
    expect(kindsOf(diffOf(path, removed, added))).toContain(kind);
  });

  it('counts what is gone', () => {
    const diff = diffOf('a.spec.ts', ['  expect(a).toBe(1);', '  expect(b).toBe(2);'], []);
    expect(findingsOfDiff(diff)).toEqual([{ kind: 'assertions-removed', path: 'a.spec.ts', count: 2 }]);
  });

  it.each([
    [
      'a deleted file',
      'diff --git a/a.spec.ts b/a.spec.ts\ndeleted file mode 100644\nindex 1..0\n',
      'a.spec.ts',
    ],
    [
      'a file that no runner finds any more',
      'diff --git a/a.spec.ts b/a.ts.off\nsimilarity index 100%\nrename from a.spec.ts\nrename to a.ts.off\n',
      'a.spec.ts',
    ],
    [
      'a file with an odd name',
      'diff --git "a/tests/\\"q\\".py" "b/tests/\\"q\\".py"\ndeleted file mode 100644\n',
      'tests/"q".py',
    ],
  ])('%s', (_name, diff, path) => {
    expect(findingsOfDiff(diff)).toEqual([{ kind: 'tests-deleted', path }]);
  });

  it('also where its lines are not shown', () => {
    const diff =
      'diff --git a/a.spec.ts b/a.spec.ts\nindex 1..2 100644\nBinary files a/a.spec.ts and b/a.spec.ts differ\n';
    expect(kindsOf(diff)).toEqual(['unreadable']);
  });

  it.each<[string, string]>([
    ['code', diffOf('src/a.ts', ['assert(x);'], ['x;'])],
    [
      'a new test',
      diffOf('a.spec.ts', [], ["it('adds', () => {", '  expect(a).toBe(1);'], 'new file mode 100644'),
    ],
    [
      'a test that moves to another file name',
      'diff --git a/a.spec.ts b/b.spec.ts\nrename from a.spec.ts\nrename to b.spec.ts\n',
    ],
    ['package.json', diffOf('package.json', ['    "jest": "1",'], ['    "jest": "2",'])],
    ['nothing', ''],
    ['a warning', 'warning: odd\n'],
  ])('not in %s', (_name, diff) => {
    expect(kindsOf(diff)).toEqual([]);
  });

  it('not in lines of a file that look like a diff', () => {
    const diff = diffOf(
      'notes.md',
      ['-- a/x'],
      ['++ b/.github/workflows/ci.yml', 'diff --git a/a.spec.ts b/a.spec.ts'],
    );
    expect(findingsOfDiff(diff)).toEqual([]);
  });

  it('file by file', () => {
    const diff = [
      diffOf('a.spec.ts', ["it('adds', () => {"], []),
      diffOf('b.spec.ts', [], ["it('adds', () => {"]),
      diffOf('.github/workflows/ci.yml', [], ['x']),
    ].join('\n');
    expect(findingsOfDiff(diff)).toEqual([
      { kind: 'tests-deleted', path: 'a.spec.ts', count: 1 },
      { kind: 'tests-edited', path: 'b.spec.ts' },
      { kind: 'workflow', path: '.github/workflows/ci.yml' },
    ]);
  });
});

it('a repair needs no word for editing tests or their setup', () => {
  expect(needsPersonsWord({ kind: 'tests-edited', path: 'a' })).toBe(false);
  expect(needsPersonsWord({ kind: 'test-setup', path: 'a' })).toBe(false);
  expect(needsPersonsWord({ kind: 'tests-skipped', path: 'a' })).toBe(true);
});
