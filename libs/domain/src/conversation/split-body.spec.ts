import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markdownBlocks, markdownOf } from './markdown-blocks';
import { splitBody } from './split-body';

const words = (count: number): string => Array.from({ length: count }, (_, i) => `word${i}`).join(' ');
const codeLines = (count: number): string =>
  Array.from({ length: count }, (_, i) => `line ${i} ${'x'.repeat(30)}`).join('\n');
/** Without what a cut may add or move: marks, headers, spaces. */
const plain = (text: string): string => text.replaceAll(/[`~\s>\\]|ts|js/g, '');

interface OpenFence {
  readonly marks: string;
  readonly isQuoted: boolean;
}

/** The fence that is open at a part's end, told apart from the code under test. */
function openFence(part: string): string {
  const end = part.split('\n').reduce<OpenFence | undefined>((before, line) => {
    const isQuoted = line.startsWith('>');
    const open = before?.isQuoted === true && !isQuoted ? undefined : before;
    const [, marks = '', rest = ''] = /^(?:> ?)? {0,3}(?:- )?(`{3,}|~{3,})(.*)$/s.exec(line) ?? [];
    if (open !== undefined) {
      const closes = open.isQuoted === isQuoted && marks.startsWith(open.marks) && rest.trim() === '';
      return closes && !line.includes('-') ? undefined : open;
    }
    return marks === '' || (marks.startsWith('`') && rest.includes('`')) ? undefined : { marks, isQuoted };
  }, undefined);
  return end?.marks ?? '';
}

describe('a body that is too long', () => {
  it('stays whole when it fits', () => {
    expect(splitBody('short\r\n\n\n\ntext\n```', 100)).toEqual(['short\r\n\n\n\ntext\n```']);
  });

  it('is cut between blocks, between lines when a block is too long', () => {
    const line = 'x'.repeat(60);
    expect(splitBody(`${line}\n\n${line}`, 110)).toEqual([line, line]);
    expect(splitBody([line, line, line].join('\n'), 130)).toEqual([`${line}\n${line}`, line]);
  });

  it('is cut behind a sentence rather than behind a word', () => {
    const [first] = splitBody(`${words(9)}. ${words(30)}`, 100);
    expect(first).toBe(`${words(9)}. `);
  });

  it('leaves no heading at the end of a part', () => {
    const parts = splitBody(`${words(9)}\n\n## Next\n\n${words(12)}`, 100);
    expect(parts).toEqual([words(9), `## Next\n\n${words(12)}`]);
  });

  it('closes a code block where it is cut, and opens it again with its language', () => {
    const parts = splitBody(`Look:\n\`\`\`ts\n${codeLines(8)}\n\`\`\`\nDone.`, 150);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map(openFence)).toEqual(parts.map(() => ''));
    expect(parts[1]).toMatch(/^```ts\nline/);
    expect(parts.at(-1)).toMatch(/Done\.$/);
  });

  it.each([
    [
      'longer marks around shorter ones',
      `\`\`\`\`md\n\`\`\`ts\n${codeLines(8)}\n\`\`\`\n\`\`\`\``,
      /^````md\n/,
    ],
    ['tildes', `~~~ sh\n${codeLines(8)}\n~~~`, /^~~~sh\n/],
    ['a quote', `> \`\`\`ts\n${codeLines(8).replaceAll(/^/gm, '> ')}\n> \`\`\``, /^> ```ts\n> line/],
    [
      'a list',
      `- item\n\n    \`\`\`ts\n${codeLines(8).replaceAll(/^/gm, '    ')}\n    \`\`\``,
      /^```ts\nline/,
    ],
    ['no end', `\`\`\`\n${codeLines(8)}`, /^```\nline/],
  ])('opens a code block again that has %s', (_name, body, opening) => {
    const parts = splitBody(body, 150);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map(openFence)).toEqual(parts.map(() => ''));
    for (const part of parts.slice(1)) expect(part).toMatch(opening);
  });

  it('cuts no line of code before marks that would end its block', () => {
    const parts = splitBody(`\`\`\`\n${'x'.repeat(91)} \`\`\`\n${codeLines(3)}\n\`\`\``, 100);
    expect(parts.map(openFence)).toEqual(parts.map(() => ''));
    expect(parts[1]).toMatch(/^```\nx \`\`\`/);
  });

  it('shortens the frame of a code block that would fill a part', () => {
    const parts = splitBody(`\`\`\`${'info '.repeat(40)}\n${codeLines(3)}\n\`\`\``, 100);
    expect(parts.map(openFence)).toEqual(parts.map(() => ''));
    expect(plain(parts.join(''))).toBe(plain('info '.repeat(40) + codeLines(3)));
  });

  it('repeats the header of a table and cuts no row', () => {
    const rows = Array.from({ length: 20 }, (_, i) => `| ${i} | a \\| b |`);
    const parts = splitBody(['| n | s |', '|---|:-:|', ...rows].join('\n'), 120);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts)
      expect(part).toMatch(/^\| n \| s \|\n\|---\|:-:\|\n(?:\| \d+ \| a \\\| b \|\n?)+$/);
  });

  it.each([
    ['a link', '[some words](https://example.com/a_(b)_c "a title")'],
    ['a picture', '![some words](https://example.com/p.png)'],
    ['a link by name', '[some words][the name]'],
    ['an address', 'https://example.com/a/very/long/path?with=query&and=more#part'],
    ['an address in angles', '<https://example.com/a/very/long/path>'],
    ['inline code', '``some ` code of words``'],
    ['an entity', '&CounterClockwiseContourIntegral;'],
    ['an escape', '\\_'],
    ['a family', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}'],
    ['a flag', '\u{1f1e9}\u{1f1ea}'],
    ['an accent on a space', ' \u0301'],
    ['an accent', 'e\u0301\u0323'],
  ])('is never cut inside %s', (_name, whole) => {
    const ends = whole.length + 110;
    for (let lead = 0; lead < 110; lead += 1) {
      const body = `${'a'.repeat(lead)}${whole} ${'a'.repeat(ends)}`;
      expect(splitBody(body, 100).some((part) => part.includes(whole))).toBe(true);
    }
  });

  it('keeps a quote a quote, and words that are no heading no heading', () => {
    expect(splitBody(`> ${words(40)}`, 100).every((part) => part.startsWith('> '))).toBe(true);
    const parts = splitBody('a # - > '.repeat(60), 100);
    for (const part of parts.slice(1)) expect(part).not.toMatch(/^[#>-]/);
  });

  it('says nothing when there is nothing to say', () => {
    expect(splitBody(' \n'.repeat(100), 100)).toEqual([]);
  });

  const fences = ['```', '```ts', '~~~', '````', '  ```js', '> ```', '- ```ts'];
  const marks = [
    '',
    '',
    '> x',
    '# Title',
    '- item',
    '---',
    '| a | b |',
    '|---|---|',
    '`code`',
    '[a](b)',
    '\\',
  ];
  const mark = fc.constantFrom(...fences, ...marks);
  const prose = fc
    .string({ minLength: 20, maxLength: 300, unit: 'grapheme', size: 'max' })
    .map((text) => text.replaceAll(/[\r\n]/g, ' '));
  const signs = fc.stringMatching(/^[a([][`~ [\]()<>&|\\*a]{20,200}$/);
  const limit = fc.integer({ min: 100, max: 300 });
  const bodyOf = (...line: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc
      .array(fc.oneof(mark, ...line), { minLength: 10, maxLength: 40, size: 'max' })
      .map((lines) => `${lines.join('\n')}\n${words(50)}`);

  it('keeps every part within the limit and well formed, and is cut the same every time', () => {
    fc.assert(
      fc.property(bodyOf(prose, signs), limit, (body, max) => {
        const parts = splitBody(body, max);
        expect(splitBody(body, max)).toEqual(parts);
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(max);
          expect(part.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('loses no word', () => {
    fc.assert(
      fc.property(bodyOf(prose, signs), limit, (whole, max) => {
        const body = whole.replaceAll('|', '');
        expect(plain(splitBody(body, max).join(''))).toBe(plain(body));
      }),
    );
  });

  it('leaves no code block open', () => {
    const line = fc.stringMatching(/^[a-z][a-z `~]{0,300}$/);
    fc.assert(
      fc.property(bodyOf(line, line), limit, (body, max) => {
        expect(splitBody(body, max).map(openFence).join('')).toBe('');
      }),
    );
  });

  it.each(
    [
      '`',
      '` ',
      '[',
      '](',
      '[](',
      '(',
      '<',
      '<a ',
      '&',
      '\\',
      '>',
      '> ',
      '- ',
      '|',
      '| a\n|-\n',
      '\n',
      '*',
      ' ',
    ].concat([
      '`\n',
      '```\n',
      '~',
      '\u0301',
      '\u{1f468}\u200d',
      '\u{1f1e9}',
      '\u202e',
      '# \n',
      '    ```\n',
      '\ud83d',
      'h',
      'https://',
    ]),
  )('takes bounded work for 100,000 characters of %j', (unit) => {
    const body = unit.repeat(Math.ceil(100_000 / unit.length));
    const parts = splitBody(body, 10_000);
    expect(parts.length).toBeLessThan(40);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(10_000);
  });
});

describe('the blocks of Markdown', () => {
  it('are code, tables, headings, rules and texts', () => {
    const body = '# A\ntext\n- item\n\n***\n| a |\n|---|\n| b |\n\n```ts\n# no heading\n```\n    ```\nlast';
    const blocks = markdownBlocks(body);
    expect(blocks.map(({ kind }) => kind)).toEqual(['heading', 'text', 'rule', 'table', 'code', 'text']);
  });

  it('say what was said', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a|`\n >#-]{0,80}$/, { size: 'max' }), (body) => {
        const said = markdownBlocks(body).map(markdownOf).join('\n');
        const text = (whole: string): string => whole.replaceAll(/[`\s>]/g, '');
        expect(text(said)).toBe(text(body));
      }),
    );
  });
});
