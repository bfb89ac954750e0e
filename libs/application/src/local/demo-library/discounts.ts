import type { DemoModule } from './demo-module';

export const discounts: DemoModule = {
  name: 'discounts',
  source: `import { roundToCents, sum } from './money.js';

/** What a customer saves who buys several copies of one title. */
export function volumeDiscount(unitPrice, quantity) {
  if (quantity < 5) return 0;
  const rate = quantity < 20 ? 0.05 : 0.12;
  return roundToCents(unitPrice * quantity * rate);
}

/** The price of a book for members of the book club, lower with every year. */
export function memberPrice(price, years) {
  const rate = Math.min(0.04 + years * 0.02, 0.16);
  return roundToCents(price * (1 - rate));
}

/** Books that stay on the shelf get cheaper month by month, down to a floor. */
export function clearancePrice(price, monthsOnShelf) {
  const markdown = Math.min(monthsOnShelf * 0.1, 0.6);
  return roundToCents(price * (1 - markdown));
}

/** The price of books that are sold together: from three on, the cheapest is reduced. */
export function bundlePrice(prices) {
  if (prices.length < 3) return roundToCents(sum(prices));
  const cheapest = Math.min(...prices);
  return roundToCents(sum(prices) - cheapest * 0.4);
}
`,
  test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundlePrice, clearancePrice, memberPrice, volumeDiscount } from '../src/discounts.js';

test('several copies of one title are cheaper', () => {
  assert.equal(volumeDiscount(12, 4), 0);
  assert.equal(volumeDiscount(12, 5), 3);
  assert.equal(volumeDiscount(10, 19), 9.5);
  assert.equal(volumeDiscount(10, 20), 24);
  assert.equal(volumeDiscount(7.5, 40), 36);
});

test('members pay less with every year', () => {
  assert.equal(memberPrice(20, 0), 19.2);
  assert.equal(memberPrice(20, 1), 18.8);
  assert.equal(memberPrice(50, 4), 44);
  assert.equal(memberPrice(50, 40), 42);
});

test('old stock gets cheaper down to a floor', () => {
  assert.equal(clearancePrice(30, 0), 30);
  assert.equal(clearancePrice(30, 2), 24);
  assert.equal(clearancePrice(24, 5), 12);
  assert.equal(clearancePrice(25, 12), 10);
});

test('the cheapest book of a bundle is reduced', () => {
  assert.equal(bundlePrice([]), 0);
  assert.equal(bundlePrice([12, 8]), 20);
  assert.equal(bundlePrice([20, 10, 15]), 41);
  assert.equal(bundlePrice([5, 25, 30, 30]), 88);
});
`,
  bugs: [
    {
      function: 'volumeDiscount',
      code: '? 0.05 :',
      right: '0.05',
      wrong: { '0.5': 150, '0.02': 6, '0.08': 24 },
      title: 'Wrong discount for ten copies of a title',
      story:
        'A school ordered ten copies of one title and the discount on the invoice is not what we agreed on.',
      example: 'volumeDiscount(30, 10)',
      expected: 15,
    },
    {
      function: 'volumeDiscount',
      code: ': 0.12;',
      right: '0.12',
      wrong: { '0.1': 40, '0.21': 84, '0.02': 8 },
      title: 'Large orders get the wrong discount',
      story:
        'Orders of many copies are settled with a discount that differs from our price list. Small ones are fine.',
      example: 'volumeDiscount(8, 50)',
      expected: 48,
    },
    {
      function: 'volumeDiscount',
      code: 'quantity < 20',
      right: '20',
      wrong: { '25': 11, '30': 11 },
      title: 'Some larger orders only get the small discount',
      story:
        'A customer with 22 copies got the discount of a small order. The next larger order was right again.',
      example: 'volumeDiscount(10, 22)',
      expected: 26.4,
    },
    {
      function: 'memberPrice',
      code: 'years * 0.02',
      right: '0.02',
      wrong: { '0.03': 37.2, '0.05': 36.4, '0.002': 38.32 },
      title: 'Members with a few years get the wrong price',
      story:
        'Members who joined this year see the right price, those who have been with us for longer do not.',
      example: 'memberPrice(40, 1)',
      expected: 37.6,
    },
    {
      function: 'memberPrice',
      code: '0.16);',
      right: '0.16',
      wrong: { '0.61': 39, '0.18': 82, '0.26': 74 },
      title: 'Long-standing members get the wrong price',
      story: 'Somebody who has been a member for thirty years was charged a price that is not on our list.',
      example: 'memberPrice(100, 30)',
      expected: 84,
    },
    {
      function: 'clearancePrice',
      code: '* 0.1,',
      right: '0.1',
      wrong: { '0.01': 58.2, '0.15': 33, '0.2': 24 },
      title: 'Clearance price is off after three months',
      story: 'The labels of the clearance table do not match what the till says.',
      example: 'clearancePrice(60, 3)',
      expected: 42,
    },
    {
      function: 'clearancePrice',
      code: '0.6);',
      right: '0.6',
      wrong: { '0.7': 24, '0.8': 16 },
      title: 'Very old stock is sold below our floor price',
      story:
        'We never sell below a certain part of the original price, but books from last year go for less.',
      example: 'clearancePrice(80, 14)',
      expected: 32,
    },
    {
      function: 'bundlePrice',
      code: 'cheapest * 0.4',
      right: '0.4',
      wrong: { '0.04': 59.6, '0.5': 55, '0.25': 57.5 },
      title: 'Bundle of three books has the wrong price',
      story: 'The bundle on our front page shows another price than the shelf.',
      example: 'bundlePrice([10, 20, 30])',
      expected: 56,
    },
  ],
};
