import type { DemoModule } from './demo-module';

export const loyalty: DemoModule = {
  name: 'loyalty',
  source: `import { roundToCents } from './money.js';

/** The points a purchase earns; events in the shop earn extra. */
export function pointsForPurchase(amount, atEvent = false) {
  const perEuro = atEvent ? 5 : 2;
  return Math.floor(amount) * perEuro;
}

/** What points are worth at the till. */
export function valueOfPoints(points) {
  return roundToCents(points * 0.015);
}

/** The voucher that regular customers find in their birthday card. */
export function birthdayVoucher(spentLastYear) {
  if (spentLastYear < 80) return 0;
  return roundToCents(Math.min(4 + spentLastYear * 0.025, 30));
}
`,
  test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { birthdayVoucher, pointsForPurchase, valueOfPoints } from '../src/loyalty.js';

test('purchases earn points by the euro', () => {
  assert.equal(pointsForPurchase(0.99), 0);
  assert.equal(pointsForPurchase(20), 40);
  assert.equal(pointsForPurchase(7.8), 14);
  assert.equal(pointsForPurchase(30, true), 150);
});

test('points are worth money', () => {
  assert.equal(valueOfPoints(0), 0);
  assert.equal(valueOfPoints(200), 3);
  assert.equal(valueOfPoints(1480), 22.2);
});

test('regular customers get a voucher', () => {
  assert.equal(birthdayVoucher(79), 0);
  assert.equal(birthdayVoucher(80), 6);
  assert.equal(birthdayVoucher(400), 14);
  assert.equal(birthdayVoucher(5000), 30);
});
`,
  bugs: [
    {
      function: 'pointsForPurchase',
      code: ': 2;',
      right: '2',
      wrong: { '3': 180, '1': 60, '20': 1200 },
      title: 'Customers get the wrong number of points',
      story: 'The number of points on the receipt is not what the poster at the till promises.',
      example: 'pointsForPurchase(60)',
      expected: 120,
    },
    {
      function: 'pointsForPurchase',
      code: '? 5 :',
      right: '5',
      wrong: { '4': 80, '3': 60, '50': 1000 },
      title: 'Wrong number of points at readings',
      story: 'Everyday purchases are fine, but at our last reading people got the wrong number of points.',
      example: 'pointsForPurchase(20, true)',
      expected: 100,
    },
    {
      function: 'valueOfPoints',
      code: 'points * 0.015',
      right: '0.015',
      wrong: { '0.15': 90, '0.05': 30, '0.01': 6 },
      title: 'Points are worth the wrong amount',
      story: 'A customer paid with points and the till took off an amount that nobody can explain.',
      example: 'valueOfPoints(600)',
      expected: 9,
    },
    {
      function: 'birthdayVoucher',
      code: '* 0.025',
      right: '0.025',
      wrong: { '0.25': 30, '0.02': 10, '0.05': 19 },
      title: 'Birthday voucher has the wrong value',
      story: 'The voucher in the birthday card is not worth what our newsletter says.',
      example: 'birthdayVoucher(300)',
      expected: 11.5,
    },
  ],
};
