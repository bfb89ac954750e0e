import { expect, it } from '@jest/globals';
import { isIssue, needsBringing } from './where';

const twin = (github: boolean) => ({ hasForge: true, connected: { github, slack: false } });

it.each([
  ['/home/ada/shop', twin(true), true],
  ['https://github.com/acme/shop', twin(false), true],
  ['https://github.com/acme/shop', twin(true), false],
  ['https://github.com/acme/shop', { ...twin(false), hasForge: false }, false],
  ['forge://shop', twin(false), false],
  ['https://github.com/acme/shop/issues/3', twin(false), false],
  [' ', twin(false), false],
])('%j', (where, settings, expected) => {
  expect(needsBringing(where, settings)).toBe(expected);
});

it('knows an issue by its URL', () => {
  expect([isIssue('forge://shop/issues/1'), isIssue('forge://shop')]).toEqual([true, false]);
});
