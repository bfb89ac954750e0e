import { describe, expect, it } from '@jest/globals';
import { readFrontMatter } from './front-matter';

const fieldsOf = (head: string) => Object.fromEntries(readFrontMatter(`---\n${head}\n---\nbody`).fields);

describe('front matter', () => {
  it('is apart from the body', () => {
    const { fields, body } = readFrontMatter('---\nname: x\n---\n# Title\n\n---\nmore\n');
    expect([...fields.keys()]).toEqual(['name']);
    expect(body).toBe('# Title\n\n---\nmore\n');
  });

  it.each(['no front matter', 'text\n---\nname: x\n---\n', '---\nnever closed\nname: x', ''])(
    'is none in %j',
    (file) => expect(readFrontMatter(file)).toEqual({ fields: new Map(), body: file }),
  );

  it('may be empty, and written on Windows', () => {
    expect(readFrontMatter('---\n---\nbody').body).toBe('body');
    expect(readFrontMatter('\uFEFF---\r\nname: x\r\n---\r\nbody')).toEqual({
      fields: new Map([['name', { text: 'x', items: ['x'] }]]),
      body: 'body',
    });
  });

  it.each([
    ['a: words: and more', 'words: and more'],
    ['a: "quoted"', 'quoted'],
    ["a: 'it, all'", 'it, all'],
    ['a: >-\n  folded\n  over lines', 'folded over lines'],
    ['a: |\n  one\n\n  two', 'one two'],
    ['a:\nb: x', ''],
    ['a: true', 'true'],
  ])('%j is a text', (head, text) => expect(fieldsOf(head)['a']?.text).toBe(text));

  it.each([
    ['a: x, y', ['x', 'y']],
    ['a: [x, "y z"]', ['x', 'y z']],
    ['a:\n  - x\n  - "y"', ['x', 'y']],
    ['a:\n- x', ['x']],
    ['a: src/*.{ts,tsx}, b', ['src/*.{ts,tsx}', 'b']],
    ['a: []', []],
    ['a:', []],
  ])('%j is a list', (head, items) => expect(fieldsOf(head)['a']?.items).toEqual(items));
});
