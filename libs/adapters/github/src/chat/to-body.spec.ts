import { describe, expect, it } from '@jest/globals';
import { disarm } from './disarm';
import { MAX_WORDS_LENGTH } from '../github-limits';
import { toBody, toBodyWithFile } from './to-body';

describe('a post', () => {
  it.each([
    ['is its words', {}, 'Go on?'],
    ['notifies one', { mention: 'github:ada' }, '@ada\n\nGo on?'],
    ['notifies whom an enterprise manages', { mention: 'github:ada_acme' }, '@ada_acme\n\nGo on?'],
    ['notifies no App', { mention: 'github:dependabot[bot]' }, 'Go on?'],
    ['notifies nobody elsewhere', { mention: 'slack:T/U' }, 'Go on?'],
    [
      'says what may be answered',
      { choices: ['Yes', ' ', 'No'] },
      'Go on?\n\nAnswer with one of these:\n- Yes\n- No',
    ],
    ['but not at any length', { choices: ['x'.repeat(5_000)] }, 'Go on?'],
  ])('%s', (_name, beside, expected) => {
    expect(toBody({ body: 'Go on?', ...beside })).toBe(expected);
  });
});

describe('words that notify nobody', () => {
  it.each([
    ['Thanks, @ada and @acme/team.', 'Thanks, @&#8203;ada and @&#8203;acme/team.'],
    ['Mail ada@example.com, see https://x.example/@ada', 'Mail ada@example.com, see https://x.example/@ada'],
    ['`@Test` and ``@a`b``, @ada', '`@Test` and ``@a`b``, @&#8203;ada'],
    ['```ts\n@Injectable()\n```\n\n@ada', '```ts\n@Injectable()\n```\n\n@&#8203;ada'],
    ['- one @ada\n- two\n\n    @bob', '- one @&#8203;ada\n- two\n\n    @&#8203;bob'],
    ['| a |\n| - |\n| @ada |', '| a |\n| - |\n| @&#8203;ada |'],
    ['_@ada_, .@bob, [@eve] and x/@dan', '_@&#8203;ada_, .@&#8203;bob, [@&#8203;eve] and x/@&#8203;dan'],
    [
      '[@ada and `@bob`](https://x.example/@eve) @dan',
      '[@ada and `@bob`](https://x.example/@eve) @&#8203;dan',
    ],
    ['@@ada, <@ada> and <a @ada>', '@@&#8203;ada, <@&#8203;ada> and <a @&#8203;ada>'],
    ['[a](b c @ada) http://@ada', '[a](b c @&#8203;ada) http://@&#8203;ada'],
    ['&#64;ada &#x40;bob &commat;eve', '@&#8203;ada @&#8203;bob @&#8203;eve'],
    ['no one', 'no one'],
  ])('%j', (markdown, expected) => {
    expect(disarm(markdown)).toBe(expected);
  });

  it('stay as long as they are where there is no room', () => {
    const full = '@a '.repeat(MAX_WORDS_LENGTH / 3);
    expect(toBody({ body: full })).toBe('\uff20a '.repeat(MAX_WORDS_LENGTH / 3));
  });
});

describe('a file', () => {
  const file = (text: string | Uint8Array, name = 'log.txt') => ({ name, bytes: Buffer.from(text) });

  it('of text is folded up', () => {
    expect(toBodyWithFile({ body: 'The log:' }, file('one\n```\ntwo\n', 'a<b>.txt'))).toBe(
      'The log:\n\n<details><summary>a_b_.txt</summary>\n\n````text\none\n```\ntwo\n````\n\n</details>',
    );
  });

  it('whose marks make it too long is named', () => {
    const body = toBodyWithFile({ body: 'The log:' }, file('`'.repeat(60_000), 'x'.repeat(500)));
    expect(body).toMatch(/^The log:\n\nThe file `x{200}` \(60000 bytes\) is not shown/);
  });

  it('that is too long is cut, and says so', () => {
    const body = toBodyWithFile({ body: 'The log:' }, file('x'.repeat(100_000)));
    expect(body).toContain('log.txt: the first 63992 of 100000 characters');
    expect(body.length).toBeLessThan(65_000);
  });

  it('of anything else is named', () => {
    expect(toBodyWithFile({ body: 'The page:' }, file(Uint8Array.of(0x89, 0, 255), 'shot.png'))).toBe(
      'The page:\n\nThe file `shot.png` (3 bytes) is not shown: GitHub takes files from people alone.',
    );
  });
});
