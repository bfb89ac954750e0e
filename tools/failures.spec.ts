import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const ROOT = new URL('../', import.meta.url);
const HEAD = '| What happened elsewhere | Why it can’t here | Shown by |';
/** A path, then a title with those of what is around it before it: `` `path` "a group" › "a title" ``. */
const TEST = /^`([^`]+)` ("[^"]+"(?: › "[^"]+")*)$/;

interface NamedTest {
  readonly path: string;
  readonly titles: readonly string[];
}

interface Row {
  readonly happened: string;
  readonly tests: readonly NamedTest[];
}

/** The rows of a page's tables. Throws for one that names no test, or names it otherwise than this page does. */
function rowsOf(page: string): readonly Row[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && line !== HEAD)
    .map((line) => {
      const [happened = '', why = '', tests = ''] = line.slice(2, -2).split(' | ');
      if (why === '') throw new Error(`nothing is said of why it can’t be: ${line}`);
      return { happened, tests: tests.split('<br>').map(namedTest) };
    });
}

function namedTest(words: string): NamedTest {
  const [, path = '', titles = ''] = TEST.exec(words) ?? [];
  if (path === '') throw new Error(`no test: ${words}`);
  return { path, titles: titles.slice(1, -1).split('" › "') };
}

/** Whether the file has each title as a whole string, one behind the other. */
function hasTitles(text: string, titles: readonly string[]): boolean {
  let from = 0;
  return titles.every((title) => {
    const places = ["'", '"', '`'].map((mark) => text.indexOf(mark + title + mark, from));
    const at = Math.min(...places.filter((place) => place >= 0));
    from = at + title.length;
    return Number.isFinite(at);
  });
}

function isThere({ path, titles }: NamedTest): boolean {
  const file = new URL(path, ROOT);
  return existsSync(file) && hasTitles(readFileSync(file, 'utf8'), titles);
}

const rows = rowsOf(readFileSync(new URL('docs/failures.md', ROOT), 'utf8'));

describe('docs/failures.md', () => {
  it.each(rows)('names tests that are there: $happened', ({ tests }) => {
    expect(tests.filter((test) => !isThere(test))).toEqual([]);
  });

  it('tells of some sixty failures, each once', () => {
    expect(rows.length).toBeGreaterThanOrEqual(60);
    expect(new Set(rows.map(({ happened }) => happened)).size).toBe(rows.length);
  });
});

describe('a row', () => {
  it.each([
    ['without a test', '| It was lost. | It is stored. |  |'],
    ['without a reason', '| It was lost. |  | `a.spec.ts` "a title" |'],
    ['with words in a test’s place', '| It was lost. | It is stored. | see a.spec.ts |'],
  ])('%s is refused', (_name, line) => {
    expect(() => rowsOf(line)).toThrow();
  });
});

it.each([
  [['is stored'], true],
  [['a message', 'is stored'], true],
  [['is stored', 'a message'], false],
  [['is store'], false],
  [['a message', 'is lost'], false],
])('the titles %j are in a file: %s', (titles, expected) => {
  expect(hasTitles("describe('a message', () => { it(`is stored`, () => {}); });", titles)).toBe(expected);
});
