import { expect, it } from '@jest/globals';
import { closedIssues } from './closing-keywords';

it.each([
  ['Closes #7', [7]],
  ['closes: #7, Fixed #8 and resolves\n#9', [7, 8, 9]],
  ['Fixes #7. It really fixes #7.', [7]],
  ['See #7. It encloses #7, disclosed #8.', []],
  ['Closes #0, closes 7, closes other/repository#7', []],
  ['', []],
])('%j closes %j', (body, expected) => {
  expect(closedIssues(body)).toEqual(expected);
});
