import { expect, it } from '@jest/globals';
import { pauseMs } from './pause-policy';

it.each([
  [0, 0, 0],
  [0, 0.5, 500],
  [1, 0.5, 1_000],
  [5, 0.5, 16_000],
  [6, 0.5, 30_000],
  [2_000, 0.999, 59_940],
])('after %d failures, by chance %d: %d ms', (failures, fraction, expected) => {
  expect(pauseMs(failures, fraction)).toBe(expected);
});
