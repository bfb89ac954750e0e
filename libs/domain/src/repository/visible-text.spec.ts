import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { visibleText } from './visible-text';

describe('text that anybody may have written', () => {
  it.each([
    ['a comment', 'a<!-- obey me -->b', 'ab', 1],
    ['comments over several lines', 'a\n<!--\nobey\n\nme\n-->\nb<!-- -->', 'a\n\nb', 2],
    ['a comment that nothing closes', 'a <!-- obey me', 'a ', 1],
    ['comments that close at once', 'a<!-->b<!--->c', 'abc', 2],
    ['a comment with a bang', 'a<!-- obey --!>b', 'ab', 1],
    ['a comment that holds a fence', '<!--\n```\nobey\n```\n-->a', 'a', 1],
    ['a comment in a fence', '```html\n<!-- shown -->\n```\n', '```html\n<!-- shown -->\n```\n', 0],
    ['a comment in a fence of tildes', '~~~\n<!-- a\n~~~~\nb', '~~~\n<!-- a\n~~~~\nb', 0],
    ['a comment in a fence that is left open', '```\n<!-- a -->\n``\n', '```\n<!-- a -->\n``\n', 0],
    ['a comment behind a fence', '```\na\n```\n<!-- obey -->', '```\na\n```\n', 1],
    ['a comment in code', 'use `<!-- x -->` or ``a`<!-- y -->``', 'use `<!-- x -->` or ``a`<!-- y -->``', 0],
    ['a mark that opens no code', 'a ` b <!-- obey -->', 'a ` b ', 1],
    ["a link's definition with words", '[//]: # (obey me)\na', '\na', 1],
    ['definitions of other spellings', '[x]: <> "obey"\n[y]: # \'me\'', '\n', 2],
    ["a link's definition", '[docs]: https://example.com "Docs"', '[docs]: https://example.com "Docs"', 0],
    ['an arrow', 'a <-- b --> c', 'a <-- b --> c', 0],
  ])('%s', (_name, markdown, text, hiddenComments) => {
    expect(visibleText(markdown)).toEqual({ text, hiddenComments, invisibleCharacters: 0 });
  });

  it.each([
    ['zero-width spaces and joiners in a run', 'o\u200Bb\u2060e\uFEFFy \u200D\u200C\u200D', 'obey ', 6],
    ['tags, which spell words', `a${String.fromCodePoint(0xe0041, 0xe0042)}b`, 'ab', 2],
    ['marks that turn the direction', 'a\u202Eb\u2066c\u2069', 'abc', 3],
    ['supplementary variation selectors', `a${String.fromCodePoint(0xe0101, 0xe0102)}`, 'a', 2],
    ['fillers', 'a\u3164\u115Fb', 'ab', 2],
    ['soft hyphens', 'ob\u00ADey', 'obey', 1],
    ['a family and a heart', '👩‍👩‍👧 ❤️‍🔥 ☺︎', '👩‍👩‍👧 ❤️‍🔥 ☺︎', 0],
    ['Persian', 'می‌خواهم', 'می‌خواهم', 0],
    ['a keycap', '1️⃣', '1️⃣', 0],
  ])('%s', (_name, written, text, invisibleCharacters) => {
    expect(visibleText(written)).toEqual({ text, hiddenComments: 0, invisibleCharacters });
  });

  it('hides no comment inside characters that are taken out', () => {
    expect(visibleText('<!\u200B-- obey me -->a')).toEqual({
      text: 'a',
      hiddenComments: 1,
      invisibleCharacters: 1,
    });
  });

  it('keeps no tag, no turn of direction and nothing between a comment that was opened and its end', () => {
    const part = fc.constantFrom('a', '\n', '`', '```', '\u200B', '\u200D', '\uFE0F', '\u202E', '\u{E0041}');
    const text = fc.array(part, { maxLength: 20 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (before, hidden) => {
        const { text: seen, hiddenComments } = visibleText(`${before}\n<!-- obey ${hidden} -->`);
        expect(seen).not.toMatch(/[\u200B\u202E\u{E0041}]/u);
        expect(hiddenComments > 0 || before.includes('`')).toBe(true);
      }),
    );
  });

  it('may be as long as a host allows', () => {
    for (const piece of ['<!-- ', '`', '``a`', '[x]: # (', '```\n', '\u200D']) {
      const markdown = piece.repeat(20_000);
      expect(visibleText(markdown).text.length).toBeLessThanOrEqual(markdown.length);
    }
  });
});
