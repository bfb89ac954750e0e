import type { DemoModule } from './demo-module';

export const taxes: DemoModule = {
  name: 'taxes',
  source: `import { roundToCents } from './money.js';

/** Sales tax on a net price. Books are taxed at the reduced rate. */
export function salesTax(net, kind = 'book') {
  const rate = kind === 'book' ? 0.07 : 0.19;
  return roundToCents(net * rate);
}

/** The net price of a book, from the price on its label. */
export function netFromLabel(label) {
  return roundToCents(label / 1.07);
}

/** Duty on books from outside the customs union; small parcels are exempt. */
export function importDuty(value) {
  if (value < 150) return 0;
  return roundToCents(12 + value * 0.035);
}
`,
  test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importDuty, netFromLabel, salesTax } from '../src/taxes.js';

test('books are taxed at the reduced rate', () => {
  assert.equal(salesTax(0), 0);
  assert.equal(salesTax(100), 7);
  assert.equal(salesTax(12.5), 0.88);
  assert.equal(salesTax(100, 'stationery'), 19);
  assert.equal(salesTax(30, 'stationery'), 5.7);
});

test('the label holds the tax', () => {
  assert.equal(netFromLabel(0), 0);
  assert.equal(netFromLabel(107), 100);
  assert.equal(netFromLabel(21.4), 20);
});

test('duty is due on large parcels', () => {
  assert.equal(importDuty(80), 0);
  assert.equal(importDuty(149.99), 0);
  assert.equal(importDuty(150), 17.25);
  assert.equal(importDuty(1000), 47);
});
`,
  bugs: [
    {
      function: 'salesTax',
      code: '? 0.07 :',
      right: '0.07',
      wrong: { '0.7': 140, '0.05': 10, '0.09': 18 },
      title: 'Tax on books is wrong',
      story: 'Our accountant sent back the invoices of this month: the tax on books is not right.',
      example: 'salesTax(200)',
      expected: 14,
    },
    {
      function: 'salesTax',
      code: ': 0.19;',
      right: '0.19',
      wrong: { '0.16': 32, '0.91': 182, '0.2': 40 },
      title: 'Tax on stationery is wrong',
      story: 'Invoices with books only are fine. With pens and paper on them the tax is not right.',
      example: "salesTax(200, 'stationery')",
      expected: 38,
    },
    {
      function: 'netFromLabel',
      code: 'label / 1.07',
      right: '1.07',
      wrong: { '1.7': 31.47, '1.19': 44.96, '1.05': 50.95 },
      title: 'Net price does not fit the label',
      story: 'Label price minus tax should be the net price. Since the last release it is not.',
      example: 'netFromLabel(53.5)',
      expected: 50,
    },
    {
      function: 'importDuty',
      code: 'value < 150',
      right: '150',
      wrong: { '500': 0, '1500': 0, '250': 0 },
      title: 'No duty on a parcel that is not small',
      story: 'Customs asked for the duty on a parcel for which our software had computed none.',
      example: 'importDuty(240)',
      expected: 20.4,
    },
    {
      function: 'importDuty',
      code: 'value * 0.035',
      right: '0.035',
      wrong: { '0.35': 292, '0.053': 54.4, '0.03': 36 },
      title: 'Duty on a large parcel is off',
      story: 'The amount we pass on to the customer is not the one on the notice from customs.',
      example: 'importDuty(800)',
      expected: 40,
    },
    {
      function: 'importDuty',
      code: '12 +',
      right: '12',
      wrong: { '21': 42, '2': 23, '15': 36 },
      title: 'Duty is always off by the same amount',
      story: 'Whatever the parcel was worth, the difference to the notice from customs is the same.',
      example: 'importDuty(600)',
      expected: 33,
    },
  ],
};
