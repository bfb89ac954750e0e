import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyEdits } from './literal-edit';
import type { LiteralEdit } from './literal-edit';

function edited(original: string, ...edits: readonly LiteralEdit[]): string {
  const result = applyEdits(original, edits);
  if (!result.ok) throw new Error(result.problem);
  return result.text;
}

function problemOf(original: string, ...edits: readonly LiteralEdit[]): string {
  const result = applyEdits(original, edits);
  return result.ok ? `no problem: ${result.text}` : result.problem;
}

const edit = (oldText: string, newText: string, replaceAll?: boolean): LiteralEdit => ({
  oldText,
  newText,
  replaceAll,
});

describe('an edit', () => {
  it.each([
    '$&',
    '$1',
    '$$',
    '$`',
    "$'",
    '$<name>',
    String.raw`\n`,
    String.raw`\\`,
    String.raw`\u0041`,
    '\\',
    '%s',
    '\0',
    '\t',
    '😀 é e\u0301 \u200D',
    '',
  ])('puts %j there as it is', (newText) => {
    expect(edited('a OLD b', edit('OLD', newText))).toBe(`a ${newText} b`);
    expect(edited('OLD OLD', edit('OLD', newText, true))).toBe(`${newText} ${newText}`);
  });

  it.each(['.*', '[a-z]+', '^', '$', String.raw`\d`, '(', '$&', 'é', '😀'])(
    'finds %j as it is',
    (oldText) => {
      expect(edited(`1 ${oldText} 2`, edit(oldText, 'new'))).toBe('1 new 2');
      expect(problemOf('abc 123', edit(oldText, 'new'))).toContain('does not occur');
    },
  );

  it.each<[string, string, readonly LiteralEdit[], string]>([
    ['replaces the one place', 'a b c', [edit('b', 'x')], 'a x c'],
    ['replaces the whole file', 'a\nb\n', [edit('a\nb\n', 'x')], 'x'],
    ['replaces across lines', 'a\nb\nc\n', [edit('a\nb', 'x\ny\nz')], 'x\ny\nz\nc\n'],
    ['replaces every place when told to', 'a a a', [edit('a', 'aa', true)], 'aa aa aa'],
    ['replaces every place from the left when places overlap', 'aaaaa', [edit('aa', 'b', true)], 'bba'],
    ['replaces the one place also when told to replace all', 'a b', [edit('b', 'x', true)], 'a x'],
    ['finds what an edit before it wrote', 'a', [edit('a', 'b'), edit('b', 'c')], 'c'],
    ['applies edits next to each other', 'ab', [edit('a', 'x'), edit('b', 'y')], 'xy'],
    ['keeps a file without a last line break so', 'a\nb', [edit('b', 'c')], 'a\nc'],
    ['keeps a byte order mark', '\uFEFFa', [edit('a', 'b')], '\uFEFFb'],
  ])('%s', (_name, original, edits, expected) => {
    expect(edited(original, ...edits)).toBe(expected);
  });

  it.each<[string, readonly LiteralEdit[], number]>([
    ['of one edit', [edit('3', 'x')], 3],
    ['of several, the first in the file', [edit('4', 'x'), edit('2', 'y')], 2],
    ['of text that begins with a line break, where that is', [edit('\n3', 'x')], 2],
  ])('tells the first line that changed: %s', (_name, edits, line) => {
    expect(applyEdits('1\n2\n3\n4\n', edits)).toMatchObject({ firstChangedLine: line });
  });
});

describe('line ends', () => {
  it.each<[string, string, LiteralEdit, string]>([
    ['of a CRLF file stay CRLF', 'a\r\nb\r\nc\r\n', edit('a\nb', 'x\ny\nz'), 'x\r\ny\r\nz\r\nc\r\n'],
    ['of a CRLF file may be given as CRLF', 'a\r\nb\r\n', edit('a\r\nb', 'x\r\ny'), 'x\r\ny\r\n'],
    ['of an LF file stay LF', 'a\nb\n', edit('a\nb', 'x\ny'), 'x\ny\n'],
    ['of an LF file are CRLF where an edit says so', 'a\nb\n', edit('a\n', 'x\r\n'), 'x\r\nb\n'],
    ['stay as they are where both are mixed', 'a\r\nb\nc\r\n', edit('b\n', 'x\n'), 'a\r\nx\nc\r\n'],
    ['are found as CRLF where both are mixed', 'a\r\nb\nc\r\n', edit('a\r\n', 'x\n'), 'x\nb\nc\r\n'],
    ['with a lone carriage return are none', 'a\rb', edit('a\rb', 'x\ny'), 'x\ny'],
    ['at the beginning count too', '\nb\r\n', edit('\nb', '\nx'), '\nx\r\n'],
  ])('%s', (_name, original, change, expected) => {
    expect(edited(original, change)).toBe(expected);
  });

  it('where both are mixed are not taken for each other', () => {
    expect(problemOf('a\r\nb\nc\n', edit('a\nb', 'x'))).toContain('does not occur');
  });
});

describe('a problem with an edit', () => {
  it('changes nothing, also when another edit was fine', () => {
    const problem = problemOf('a b', edit('a', 'x'), edit('gone', 'y'));
    expect(problem).toMatch(/^Edit 2 of 2: oldText does not occur in the file\..*Nothing was changed\.$/s);
  });

  it('is text that an edit before it took away', () => {
    expect(problemOf('abc', edit('ab', 'x'), edit('bc', 'y'))).toContain(
      'Edit 2 of 2: oldText does not occur',
    );
  });

  it('shows the nearest lines with their numbers', () => {
    const file = 'one\nfunction total(cart) {\n  return cart.sum;\n}\nlast\n';
    expect(problemOf(file, edit('function total(basket) {\n  return basket.sum;', 'x'))).toBe(
      [
        'oldText does not occur in the file. The nearest is:',
        '2\tfunction total(cart) {',
        '3\t  return cart.sum;',
        'Nothing was changed.',
      ].join('\n'),
    );
  });

  it('shows the nearest lines also when only their indentation differs', () => {
    expect(problemOf('a\r\n\t\treturn 1;\r\n', edit('\n    return 1;', 'x'))).toContain(
      '1\ta\n2\t\t\treturn 1;',
    );
  });

  it.each([
    ['in an empty file', '', 'a'],
    ['in a file of other text', 'xyz\n', 'function'],
  ])('says that nothing is near %s', (_name, file, oldText) => {
    expect(problemOf(file, edit(oldText, 'x'))).toContain('Nothing in it is similar');
  });

  it('is told in few characters, however long the lines are', () => {
    const line = 'const a = 1; '.repeat(100_000);
    expect(problemOf(line, edit('const a = 2;', 'x')).length).toBeLessThan(2_000);
  });

  it.each([
    ['twice on different lines', 'a\nb\na\n', 'a', 'occurs 2 times (lines 1, 3)'],
    ['twice on one line', 'b\na a\n', 'a', 'occurs 2 times (lines 2, 2)'],
    ['twice with an overlap', '}\n}\n}\n', '}\n}\n', 'occurs 2 times (lines 1, 2)'],
    ['very often', 'a\n'.repeat(50), 'a', 'occurs 50 times (lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)'],
  ])('is text that occurs %s', (_name, file, oldText, words) => {
    expect(problemOf(file, edit(oldText, 'x'))).toContain(words);
  });

  it('is an edit that changes nothing', () => {
    expect(problemOf('a', edit('a', 'a'))).toContain('the same');
    expect(problemOf('a\r\nb', edit('a\r\nb', 'a\nb'))).toContain('the same');
  });
});

describe('any edit', () => {
  const words = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '$', '&', '\\', '😀'), maxLength: 12 });
  const place = fc.tuple(
    words,
    words.filter((word) => word !== ''),
    words,
    words,
  );

  it('changes exactly its place, and is undone by its inverse', () => {
    fc.assert(
      fc.property(place, ([before, oldText, after, newText]) => {
        const original = before + oldText + after;
        const changed = before + newText + after;
        fc.pre(oldText !== newText && newText !== '');
        fc.pre(original.indexOf(oldText) === original.lastIndexOf(oldText));
        expect(edited(original, edit(oldText, newText))).toBe(changed);

        fc.pre(changed.indexOf(newText) === changed.lastIndexOf(newText));
        expect(edited(changed, edit(newText, oldText))).toBe(original);
      }),
      { numRuns: 500 },
    );
  });

  it('is refused where its text occurs twice', () => {
    fc.assert(
      fc.property(place, ([before, oldText, after, newText]) => {
        const original = before + oldText + after + oldText;
        fc.pre(oldText !== newText);
        expect(applyEdits(original, [edit(oldText, newText)]).ok).toBe(false);
      }),
    );
  });
});
