import { expect, it } from '@jest/globals';
import { readTestCounts } from './test-counts';

it.each([
  ['# tests 3\n# pass 2\n# fail 1\n', { passed: 2, failed: 1 }],
  ['ℹ pass 2\nℹ fail 0\n', { passed: 2, failed: 0 }],
  // One summary for each package of a monorepo.
  ['# pass 1\n# fail 0\n> b\n# pass 4\n# fail 1\n', { passed: 5, failed: 1 }],
  ['nothing to do\n', { passed: undefined, failed: undefined }],
])('%j is %j', (output, counts) => {
  expect(readTestCounts(output)).toEqual(counts);
});
