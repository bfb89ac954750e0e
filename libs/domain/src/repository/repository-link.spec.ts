import { describe, expect, it } from '@jest/globals';
import { findRepositoryLinks } from './repository-link';

const shop = 'https://github.com/acme/shop';
const repository = shop;

describe('a link into a repository', () => {
  it.each([
    [`${shop}/issues/12`, { kind: 'issue', repository, number: 12 }],
    [`${shop}/pull/12`, { kind: 'pull-request', repository, number: 12 }],
    ['forge://shop/pulls/3', { kind: 'pull-request', repository: 'forge://shop', number: 3 }],
    [`${shop}/pull/12/files`, { kind: 'pull-request', repository, number: 12 }],
    [`${shop}/pull/12/commits/0123abcd`, { kind: 'pull-request', repository, number: 12 }],
    [`${shop}/issues/12#issuecomment-77`, { kind: 'issue', repository, number: 12, comment: '77' }],
    [`${shop}/pull/12#discussion_r77`, { kind: 'pull-request', repository, number: 12, comment: '77' }],
    [`${shop}/pull/12/files#r77`, { kind: 'pull-request', repository, number: 12, comment: '77' }],
    [`${shop}/pull/12#pullrequestreview-77`, { kind: 'pull-request', repository, number: 12, comment: '77' }],
    [`${shop}/issues/12?x=y#issuecomment-7.`, { kind: 'issue', repository, number: 12, comment: '7' }],
    [`${shop}/blob/main/src/a.ts`, { kind: 'file', repository, ref: 'main', path: 'src/a.ts' }],
    [
      `(${shop}/blob/v1.0/src/a%20b.ts#L3-L7).`,
      { kind: 'file', repository, ref: 'v1.0', path: 'src/a b.ts', firstLine: 3, lastLine: 7 },
    ],
    [
      `<${shop}/blob/0123abcd/a.md?plain=1#L3C4|here>`,
      { kind: 'file', repository, ref: '0123abcd', path: 'a.md', firstLine: 3 },
    ],
    [
      `See ${shop}/blob/main/README.md, please.`,
      { kind: 'file', repository, ref: 'main', path: 'README.md' },
    ],
  ])('%s', (text, link) => {
    expect(findRepositoryLinks(text)).toEqual([link]);
  });

  it.each([
    `${shop}/issues/0`,
    `${shop}/issues/12a`,
    `${shop}/pull/12/conflicts`,
    `${shop}/pulls`,
    `${shop}/tree/main/src`,
    `${shop}/blob/main`,
    'https://ada:secret@github.com/acme/shop/issues/1',
  ])('is none: %s', (text) => {
    expect(findRepositoryLinks(text)).toEqual([]);
  });

  it('is found once, and several in order', () => {
    const text = `${shop}/pull/2 fixes ${shop}/issues/1 (see ${shop}/issues/1#issuecomment-3), not ${shop}/issues/1`;
    expect(findRepositoryLinks(text).map(({ kind }) => kind)).toEqual(['pull-request', 'issue', 'issue']);
  });
});
