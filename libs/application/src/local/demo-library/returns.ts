import type { DemoModule } from './demo-module';

export const returns: DemoModule = {
  name: 'returns',
  source: `import { roundToCents } from './money.js';

/** What a customer gets back for a book: all of it at first, then a part, then nothing. */
export function refund(price, daysSincePurchase) {
  if (daysSincePurchase <= 14) return price;
  if (daysSincePurchase <= 40) return roundToCents(price * 0.7);
  return 0;
}

/** What the shop keeps of a special order that is not picked up. */
export function restockingFee(price) {
  return roundToCents(1.5 + price * 0.08);
}

/** What the shop pays for a used book, by its condition from 1 (worn) to 4 (as new). */
export function buybackPrice(price, condition) {
  return roundToCents(price * 0.12 * condition);
}
`,
  test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buybackPrice, refund, restockingFee } from '../src/returns.js';

test('the refund gets smaller with time', () => {
  assert.equal(refund(20, 0), 20);
  assert.equal(refund(20, 14), 20);
  assert.equal(refund(20, 15), 14);
  assert.equal(refund(12.5, 40), 8.75);
  assert.equal(refund(20, 41), 0);
});

test('special orders that stay cost a fee', () => {
  assert.equal(restockingFee(0), 1.5);
  assert.equal(restockingFee(25), 3.5);
  assert.equal(restockingFee(100), 9.5);
});

test('used books are bought by their condition', () => {
  assert.equal(buybackPrice(25, 0), 0);
  assert.equal(buybackPrice(25, 1), 3);
  assert.equal(buybackPrice(25, 4), 12);
  assert.equal(buybackPrice(18, 3), 6.48);
});
`,
  bugs: [
    {
      function: 'refund',
      code: 'price * 0.7',
      right: '0.7',
      wrong: { '0.07': 2.1, '0.77': 23.1, '0.5': 15 },
      title: 'Wrong refund after three weeks',
      story: 'A customer brought a book back after three weeks and got the wrong amount.',
      example: 'refund(30, 21)',
      expected: 21,
    },
    {
      function: 'refund',
      code: 'daysSincePurchase <= 40',
      right: '40',
      wrong: { '20': 0, '25': 0, '28': 0 },
      title: 'No refund although the customer was in time',
      story: 'By our terms this customer still gets a part of the price back. The till says nothing is due.',
      example: 'refund(30, 33)',
      expected: 21,
    },
    {
      function: 'restockingFee',
      code: 'price * 0.08',
      right: '0.08',
      wrong: { '0.8': 41.5, '0.1': 6.5, '0.05': 4 },
      title: 'Restocking fee is wrong for expensive books',
      story: 'For cheap books it is nearly right, for expensive ones it is not.',
      example: 'restockingFee(50)',
      expected: 5.5,
    },
    {
      function: 'restockingFee',
      code: '1.5 +',
      right: '1.5',
      wrong: { '5.1': 8.3, '2.5': 5.7, '1': 4.2 },
      title: 'Restocking fee is off by the same amount for every book',
      story: 'Cheap or expensive, the difference to our terms is always the same.',
      example: 'restockingFee(40)',
      expected: 4.7,
    },
    {
      function: 'buybackPrice',
      code: '* 0.12 *',
      right: '0.12',
      wrong: { '0.21': 16.8, '0.2': 16, '0.1': 8 },
      title: 'We pay the wrong price for used books',
      story: 'The list on the counter and the till disagree about what we pay for a used book.',
      example: 'buybackPrice(40, 2)',
      expected: 9.6,
    },
  ],
};
