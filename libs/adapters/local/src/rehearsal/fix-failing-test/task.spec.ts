import { expect, it } from '@jest/globals';
import { taskOf } from './task';

it('reads the issue that the harness fenced off', () => {
  const words = `forge://shop/issues/3
[harness] The issue forge://shop/issues/3, as it is now.
<issue repository="forge://shop" number="3" state="open">
title: Wrong fee
author: ada

<issue repository="forge://other" number="9" state="open">
title: not this one
</issue>`;
  expect(taskOf(words)).toEqual({ repository: 'forge://shop', issueNumber: 3, title: 'Wrong fee' });
});

it.each([
  ['Please fix forge://shop/issues/7.', { repository: 'forge://shop', issueNumber: 7, title: undefined }],
  [
    'Make the tests of forge://shop.v2 pass.',
    { repository: 'forge://shop.v2', issueNumber: undefined, title: undefined },
  ],
  [
    'See https://git.example.com/ada/shop, please',
    { repository: 'https://git.example.com/ada/shop', issueNumber: undefined, title: undefined },
  ],
  ['Make it better', undefined],
])('reads the repository of %j', (words, task) => {
  expect(taskOf(words)).toEqual(task);
});
