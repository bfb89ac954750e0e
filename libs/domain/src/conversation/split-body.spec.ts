import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitBody } from './split-body';

const words = (count: number): string => Array.from({ length: count }, (_, i) => `word${i}`).join(' ');

describe('a body that is too long', () => {
  it('stays whole when it fits', () => {
    expect(splitBody('short\n\ntext', 100)).toEqual(['short\n\ntext']);
  });

  it('is cut between lines', () => {
    const line = 'x'.repeat(60);
    expect(splitBody([line, line, line].join('\n'), 130)).toEqual([`${line}\n${line}`, line]);
  });

  it('closes a code block where it is cut, and opens it again', () => {
    const code = Array.from({ length: 8 }, (_, i) => `line ${i} ${'x'.repeat(30)}`).join('\n');
    const parts = splitBody(`Look:\n\`\`\`ts\n${code}\n\`\`\`\nDone.`, 150);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      expect((part.match(/^```/gm) ?? []).length % 2).toBe(0);
    }
    expect(parts[1]).toMatch(/^```ts\nline/);
    expect(parts.at(-1)).toMatch(/Done\.$/);
  });

  it('is cut behind a word when a line is too long, and never inside a character', () => {
    const [first = ''] = splitBody(words(60), 100);
    expect(first).toMatch(/word\d+ $/);
    const parts = splitBody('\u{1f600}'.repeat(200), 101);
    expect(parts.join('')).toBe('\u{1f600}'.repeat(200));
    for (const part of parts) expect(part.isWellFormed()).toBe(true);
  });

  it('keeps every part within the limit, loses no word, and is cut the same every time', () => {
    const line = fc.oneof(
      fc.constantFrom('', '```', '```ts', '~~~', '````', '  ```js', '# Title', '- item'),
      fc.string({ maxLength: 300, unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.integer({ min: 100, max: 400 }), (lines, max) => {
        const body = lines.join('\n');
        const parts = splitBody(body, max);
        for (const part of parts) expect(part.length).toBeLessThanOrEqual(max);
        expect(splitBody(body, max)).toEqual(parts);
        const plain = (text: string) => text.replaceAll(/[`~\s]|ts|js/g, '');
        expect(plain(parts.join(''))).toBe(plain(body));
      }),
    );
  });
});
