import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findIssueUrls, issueOfTask, issueUrl, parseIssueUrl } from './issue-url';

const shop = 'https://github.com/acme/shop';

describe('an issue URL', () => {
  it.each([
    ['of the forge', 'forge://shop/issues/3', 'forge://shop', 3],
    ['of GitHub', `${shop}/issues/12`, shop, 12],
    [
      'of an Enterprise server',
      'https://git.acme.example/a.b/c_d-e/issues/1',
      'https://git.acme.example/a.b/c_d-e',
      1,
    ],
    [
      'of a server with a port',
      'http://localhost:3000/acme/shop/issues/1',
      'http://localhost:3000/acme/shop',
      1,
    ],
    ['with a slash behind it', `${shop}/issues/12/`, shop, 12],
    ['with a query', `${shop}/issues/12?notification=1`, shop, 12],
    ['with a fragment', `${shop}/issues/12#issuecomment-7`, shop, 12],
    ['with all of them', `${shop}/issues/12/?a=b#c`, shop, 12],
    ['with the largest number', `${shop}/issues/9999999999`, shop, 9_999_999_999],
  ])('%s is read', (_name, url, repository, number) => {
    expect(parseIssueUrl(url)).toEqual({ repository, number });
    expect(findIssueUrls(url)).toEqual([{ repository, number }]);
  });

  it.each([
    ['a pull request', `${shop}/pull/12`],
    ['a list of issues', `${shop}/issues`],
    ['a form for a new one', `${shop}/issues/new`],
    ['a page below one', `${shop}/issues/12/events`],
    ['number 0', `${shop}/issues/0`],
    ['a number with a 0 before it', `${shop}/issues/012`],
    ['a number that is too large', `${shop}/issues/99999999999`],
    ['a number with something behind it', `${shop}/issues/12a`],
    ['an owner without a repository', 'https://github.com/acme/issues/1'],
    ['a nested group', 'https://git.example/a/b/c/issues/1'],
    ['an address with a password in it', 'https://ada:secret@github.com/acme/shop/issues/1'],
    ['another scheme', 'ftp://github.com/acme/shop/issues/1'],
    ['a scheme with something before it', 'xforge://shop/issues/1'],
    ['a forge repository with a folder', 'forge://a/shop/issues/1'],
    ['nothing', ''],
  ])('is not %s', (_name, url) => {
    expect(parseIssueUrl(url)).toBeUndefined();
    expect(findIssueUrls(`see ${url} there`)).toEqual([]);
  });

  it.each([
    ['words before it', `fix ${shop}/issues/1`],
    ['words behind it', `${shop}/issues/1 now`],
    ['a line break behind it', `${shop}/issues/1\nnow`],
    ['a space at its end', `${shop}/issues/1 `],
  ])('with %s is not a whole one, but found', (_name, prose) => {
    expect(parseIssueUrl(prose)).toBeUndefined();
    expect(findIssueUrls(prose)).toEqual([{ repository: shop, number: 1 }]);
  });

  it.each([
    ['before a full stop', `Please fix ${shop}/issues/1.`],
    ['before other marks', `Is it ${shop}/issues/1?! Or`],
    ['in brackets', `the bug (${shop}/issues/1) again`],
    ['in angle brackets', `<${shop}/issues/1>`],
    ['in a Slack link', `<${shop}/issues/1|the issue>`],
    ['in quotes', `"${shop}/issues/1", '${shop}/issues/1'`],
    ['in a Markdown link', `[the bug](${shop}/issues/1)`],
    ['as the text of a Markdown link', `[${shop}/issues/1](https://example.com)`],
    ['in code', `\`${shop}/issues/1\``],
    ['in bold', `**${shop}/issues/1** or *${shop}/issues/1*`],
    ['in italics', `_${shop}/issues/1_ or __${shop}/issues/1__`],
    ['in a table', `|${shop}/issues/1|`],
    ['in a list of them', `${shop}/issues/1,${shop}/issues/1;${shop}/issues/1`],
    ['in a language without spaces', `まず${shop}/issues/1を直して。`],
    ['with a fragment and a full stop', `See ${shop}/issues/1#issuecomment-2.`],
    ['next to a pull request', `${shop}/pull/2 fixed ${shop}/issues/1`],
  ])('is found %s', (_name, prose) => {
    expect(findIssueUrls(prose)).toEqual([{ repository: shop, number: 1 }]);
  });

  it.each([
    [`${shop}/issues/1`, 1],
    [` ${shop}/issues/2\n`, 2],
    [`<${shop}/issues/3>`, 3],
    [`<${shop}/issues/4|acme/shop#4>`, 4],
    [`Please fix <${shop}/issues/5>.`, 5],
    [`${shop}/issues/6 をお願いします`, 6],
    [`Do it as you did in ${shop}/issues/6, but for the other fare`, undefined],
    [`<${shop}/issues/6> <${shop}/issues/7>`, undefined],
    [`<${shop}/pull/7>`, undefined],
    ['', undefined],
  ])('%j is a task of its own: %s', (text, number) => {
    expect(issueOfTask(text)?.number).toBe(number);
  });

  it('is found once, and several are found in order', () => {
    const prose = `${shop}/issues/2, forge://b/issues/1, ${shop}/issues/2#x and ${shop}/issues/1`;
    expect(findIssueUrls(prose).map(issueUrl)).toEqual([
      `${shop}/issues/2`,
      'forge://b/issues/1',
      `${shop}/issues/1`,
    ]);
  });

  it('is written as it is read', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/);
    const repository = fc.oneof(
      name.map((repo) => `forge://${repo}`),
      fc.tuple(name, name).map(([owner, repo]) => `https://github.com/${owner}/${repo}`),
    );
    const ref = fc.record({ repository, number: fc.integer({ min: 1, max: 9_999_999_999 }) });
    fc.assert(
      fc.property(ref, fc.string(), (each, tail) => {
        expect(parseIssueUrl(issueUrl(each))).toEqual(each);
        expect(findIssueUrls(`${issueUrl(each)} ${tail}`)[0]).toEqual(each);
      }),
    );
  });
});
