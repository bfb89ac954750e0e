import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { widthOf } from './width';
import { WordWrap, wrapped } from './word-wrap';

describe('wrapping at words', () => {
  it.each<[string, number, string, readonly string[]]>([
    ['between words', 10, 'one two three four', ['one two', 'three four']],
    ['a row that is just full', 7, 'one two three', ['one two', 'three']],
    ['at the text’s own line breaks', 10, 'one\n\ntwo', ['one', '', 'two']],
    ['spaces within a row stay', 12, 'a   b', ['a   b']],
    ['no space is left at a row’s end', 5, 'aaaa    bbbb', ['aaaa', 'bbbb']],
    ['a word longer than a row is left to the terminal', 5, 'a https://x.y b', ['a', 'https://x.y', 'b']],
    ['a point’s rows begin where its words do', 10, '- one two three', ['- one two', '  three']],
    ['also a number’s', 10, '12. one two three', ['12. one', '    two', '    three']],
    ['also an inner point’s', 12, '  - one two three', ['  - one two', '    three']],
    ['a hyphen within a line is no point', 10, 'one - two three', ['one - two', 'three']],
    ['wide characters take two columns', 8, '日本語文字', ['日本語文', '字']],
    ['no row begins with closing punctuation', 8, '日本語文。字', ['日本語', '文。字']],
    ['no row ends with an opening bracket', 8, '日本語「文」', ['日本語', '「文」']],
    ['Korean is broken between words', 9, '한국어 문장도', ['한국어', '문장도']],
    ['an emoji of many parts is one', 6, 'abc 👩‍👩‍👧 d', ['abc 👩‍👩‍👧', 'd']],
    [
      'code stays as it is',
      8,
      '```js\nlet a = b + c;\n```\none two three',
      ['```js', 'let a = b + c;', '```', 'one two', 'three'],
    ],
    ['other fences do not end code', 8, '```\n~~~\na long line\n```', ['```', '~~~', 'a long line', '```']],
    ['rows of a table stay as they are', 8, '| one | two |\n| - | - |', ['| one | two |', '| - | - |']],
  ])('%s', (_name, columns, text, rows) => {
    expect(wrapped(text, columns)).toEqual(rows);
  });

  const text = fc.string({
    unit: fc.constantFrom('a', 'bc', ' ', '\n', '- ', '日', '。', '「', '🚃', '```', '| '),
    maxLength: 60,
  });

  it('gives the same rows however the text is cut into pieces', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(60)), fc.integer({ min: 4, max: 20 }), (whole, cuts, columns) => {
        const wrap = new WordWrap(() => columns);
        const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((end, i) => wrap.add(whole.slice(at[i], end)));
        expect(pieces.join('') + wrap.end()).toBe(wrapped(whole, columns).join('\n'));
      }),
    );
  });

  it('loses and adds nothing but blank space', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 20 }), (whole, columns) => {
        expect(wrapped(whole, columns).join('').replace(/\s/g, '')).toBe(whole.replace(/\s/g, ''));
      }),
    );
  });

  it('keeps words that fit within the columns', () => {
    const words = fc.array(fc.constantFrom('a', 'bcd', 'efghi', '日本', '🚃'), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 6, max: 30 }), (given, columns) => {
        for (const row of wrapped(given.join(' '), columns))
          expect(widthOf(row)).toBeLessThanOrEqual(columns);
      }),
    );
  });

  it('shows a word as soon as it is known to be whole', () => {
    const wrap = new WordWrap(() => 80);
    expect(['The fa', 're', ' is ', 'high'].map((piece) => wrap.add(piece))).toEqual([
      'The',
      '',
      ' fare is',
      '',
    ]);
    expect(wrap.end()).toBe(' high');
  });
});
