import type { DemoModule } from './demo-module';

export const shipping: DemoModule = {
  name: 'shipping',
  source: `import { roundToCents } from './money.js';

/** Postage for a parcel, by weight; every started kilogram counts. */
export function postage(grams) {
  const kilograms = Math.ceil(grams / 1000);
  return roundToCents(2.4 + kilograms * 1.35);
}

/** What the customer pays for delivery: nothing for large orders. */
export function deliveryCharge(subtotal, abroad = false) {
  if (subtotal >= 45) return 0;
  return abroad ? 9.5 : 3.9;
}

/** The surcharge for the bicycle courier; the first kilometres are included. */
export function courierSurcharge(kilometres) {
  const charged = Math.max(kilometres - 3, 0);
  return roundToCents(4.8 + charged * 0.65);
}

/** Gift wrapping, cheaper by the book in larger orders. */
export function wrappingFee(books) {
  const perBook = books < 6 ? 1.2 : 0.9;
  return roundToCents(books * perBook);
}
`,
  test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { courierSurcharge, deliveryCharge, postage, wrappingFee } from '../src/shipping.js';

test('postage grows with every started kilogram', () => {
  assert.equal(postage(300), 3.75);
  assert.equal(postage(1000), 3.75);
  assert.equal(postage(1001), 5.1);
  assert.equal(postage(7400), 13.2);
});

test('delivery is free for large orders', () => {
  assert.equal(deliveryCharge(12), 3.9);
  assert.equal(deliveryCharge(12, true), 9.5);
  assert.equal(deliveryCharge(44.99), 3.9);
  assert.equal(deliveryCharge(45), 0);
  assert.equal(deliveryCharge(200, true), 0);
});

test('the courier charges by the kilometre', () => {
  assert.equal(courierSurcharge(1), 4.8);
  assert.equal(courierSurcharge(3), 4.8);
  assert.equal(courierSurcharge(5), 6.1);
  assert.equal(courierSurcharge(23), 17.8);
});

test('wrapping many books is cheaper by the book', () => {
  assert.equal(wrappingFee(0), 0);
  assert.equal(wrappingFee(2), 2.4);
  assert.equal(wrappingFee(5), 6);
  assert.equal(wrappingFee(10), 9);
});
`,
  bugs: [
    {
      function: 'postage',
      code: '2.4 +',
      right: '2.4',
      wrong: { '4.2': 6.9, '2': 4.7, '3.4': 6.1 },
      title: 'Postage does not match the price list',
      story: "All parcels are billed with the same difference to the carrier's list, light or heavy.",
      example: 'postage(1500)',
      expected: 5.1,
    },
    {
      function: 'postage',
      code: 'kilograms * 1.35',
      right: '1.35',
      wrong: { '1.53': 16.17, '1.5': 15.9, '3.15': 30.75 },
      title: 'Postage of heavy parcels is too high',
      story: 'The heavier the parcel, the larger the difference to what the carrier bills us.',
      example: 'postage(8600)',
      expected: 14.55,
    },
    {
      function: 'deliveryCharge',
      code: 'subtotal >= 45',
      right: '45',
      wrong: { '54': 3.9, '60': 3.9, '450': 3.9 },
      title: 'Delivery should have been free',
      story: 'A customer with a large order was charged for delivery and has written to us twice.',
      example: 'deliveryCharge(52)',
      expected: 0,
    },
    {
      function: 'courierSurcharge',
      code: 'charged * 0.65',
      right: '0.65',
      wrong: { '0.56': 8.72, '0.5': 8.3, '6.5': 50.3 },
      title: 'Courier deliveries far out of town cost the wrong amount',
      story: 'Deliveries close to the shop are right. The farther away, the more it is off.',
      example: 'courierSurcharge(10)',
      expected: 9.35,
    },
    {
      function: 'wrappingFee',
      code: ': 0.9;',
      right: '0.9',
      wrong: { '0.09': 1.8, '0.6': 12, '1': 20 },
      title: 'Gift wrapping for a large order has the wrong price',
      story: 'A company had twenty books wrapped. A few books are right, twenty are not.',
      example: 'wrappingFee(20)',
      expected: 18,
    },
    {
      function: 'wrappingFee',
      code: '? 1.2 :',
      right: '1.2',
      wrong: { '2.1': 6.3, '1': 3, '0.2': 0.6 },
      title: 'Gift wrapping for a few books has the wrong price',
      story: 'I had a few books wrapped and paid another price than the one on the sign.',
      example: 'wrappingFee(3)',
      expected: 3.6,
    },
  ],
};
