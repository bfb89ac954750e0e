import type { DemoModule } from './demo-module';

/** What every other module builds on, and so never the one that is wrong. */
export const money: DemoModule = {
  name: 'money',
  source: `/** Rounds to whole cents, halves up. */
export function roundToCents(amount) {
  return Math.round((amount + Number.EPSILON) * 100) / 100;
}

export function sum(amounts) {
  return amounts.reduce((total, amount) => total + amount, 0);
}
`,
  test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundToCents, sum } from '../src/money.js';

test('amounts are rounded to cents', () => {
  assert.equal(roundToCents(1.004), 1);
  assert.equal(roundToCents(1.005), 1.01);
  assert.equal(roundToCents(0.1 + 0.2), 0.3);
});

test('amounts add up', () => {
  assert.equal(sum([]), 0);
  assert.equal(sum([1, 2, 3.5]), 6.5);
});
`,
  bugs: [],
};
