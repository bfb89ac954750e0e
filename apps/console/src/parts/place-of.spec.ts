import { expect, it } from '@jest/globals';
import { placeOf, shortName, withShortNames } from './place-of';

it.each([
  ['forge://shop', { kind: 'page', href: '/repositories/shop' }],
  ['forge://shop/pulls/3', { kind: 'page', href: '/repositories/shop/pulls/3' }],
  ['forge://shop/issues/1', { kind: 'page', href: '/repositories/shop' }],
  ['https://github.com/acme/shop', { kind: 'site', href: 'https://github.com/acme/shop' }],
  ['javascript:alert(1)', { kind: 'nowhere' }],
  [' javascript:alert(1)', { kind: 'nowhere' }],
  ['data:text/html,<script>alert(1)</script>', { kind: 'nowhere' }],
  ['file:///etc/passwd', { kind: 'nowhere' }],
  ['//evil.example', { kind: 'nowhere' }],
  ['forge://../../x', { kind: 'nowhere' }],
])('%s', (url, place) => {
  expect(placeOf(url)).toEqual(place);
});

it('shortens what is in a title', () => {
  expect(withShortNames('Solve this issue: forge://shop/issues/1')).toBe('Solve this issue: shop#1');
  expect(withShortNames('See (https://github.com/acme/shop/issues/2).')).toBe('See (acme/shop#2).');
});

it.each([
  ['https://github.com/acme/shop/pull/3', 'acme/shop#3'],
  ['forge://shop/pulls/3', 'shop#3'],
  ['forge://shop', 'shop'],
])('%s in short', (url, name) => {
  expect(shortName(url)).toBe(name);
});
