import type { DemoModule } from './demo-module';

export const lending: DemoModule = {
  name: 'lending',
  source: `import { roundToCents } from './money.js';

/** The fee for a borrowed book that comes back late, up to a limit. */
export function lateFee(daysLate) {
  return roundToCents(Math.min(daysLate * 0.35, 14));
}

/** The deposit for a borrowed book, by what it is worth. */
export function depositFor(value) {
  return roundToCents(Math.max(value * 0.45, 6));
}

/** The monthly price of a family's library card. */
export function familyCard(adults, children) {
  return roundToCents(adults * 7.5 + children * 2.8);
}
`,
  test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { depositFor, familyCard, lateFee } from '../src/lending.js';

test('late books cost a fee up to a limit', () => {
  assert.equal(lateFee(0), 0);
  assert.equal(lateFee(2), 0.7);
  assert.equal(lateFee(20), 7);
  assert.equal(lateFee(365), 14);
});

test('the deposit follows the value of the book', () => {
  assert.equal(depositFor(3), 6);
  assert.equal(depositFor(40), 18);
  assert.equal(depositFor(110), 49.5);
});

test('families pay by the head', () => {
  assert.equal(familyCard(0, 0), 0);
  assert.equal(familyCard(2, 0), 15);
  assert.equal(familyCard(1, 1), 10.3);
  assert.equal(familyCard(2, 3), 23.4);
});
`,
  bugs: [
    {
      function: 'lateFee',
      code: 'daysLate * 0.35',
      right: '0.35',
      wrong: { '0.53': 5.3, '0.3': 3, '0.25': 2.5 },
      title: 'Late fee is wrong',
      story: 'A reader brought a book back ten days late and was asked for the wrong fee.',
      example: 'lateFee(10)',
      expected: 3.5,
    },
    {
      function: 'depositFor',
      code: 'value * 0.45',
      right: '0.45',
      wrong: { '0.54': 43.2, '0.5': 40, '0.4': 32 },
      title: 'Deposit for a valuable book is wrong',
      story: 'The deposit for an art book is not what the form says. For paperbacks it is right.',
      example: 'depositFor(80)',
      expected: 36,
    },
    {
      function: 'familyCard',
      code: 'children * 2.8',
      right: '2.8',
      wrong: { '8.2': 31.4, '2.2': 19.4, '3.8': 22.6 },
      title: 'Families with children pay the wrong price',
      story: 'Couples pay the right price, families with children do not.',
      example: 'familyCard(2, 2)',
      expected: 20.6,
    },
    {
      function: 'familyCard',
      code: 'adults * 7.5',
      right: '7.5',
      wrong: { '5.7': 22.8, '7': 28, '8.5': 34 },
      title: 'Library card for adults has the wrong price',
      story: 'Four friends share one card and compared what they pay with our price list.',
      example: 'familyCard(4, 0)',
      expected: 30,
    },
  ],
};
