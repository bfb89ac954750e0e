import type { DemoModule } from './demo-module';

export const giftCards: DemoModule = {
  name: 'gift-cards',
  source: `import { roundToCents } from './money.js';

/** What we add to a gift card when it is bought. */
export function activationBonus(amount) {
  if (amount < 60) return 0;
  return roundToCents(amount * 0.06);
}

/** The fee for a card that has not been used for more than a year. */
export function inactivityFee(monthsUnused) {
  const charged = Math.max(monthsUnused - 12, 0);
  return roundToCents(charged * 0.55);
}
`,
  test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activationBonus, inactivityFee } from '../src/gift-cards.js';

test('large gift cards come with a bonus', () => {
  assert.equal(activationBonus(20), 0);
  assert.equal(activationBonus(59.99), 0);
  assert.equal(activationBonus(60), 3.6);
  assert.equal(activationBonus(250), 15);
});

test('cards that nobody uses cost a fee', () => {
  assert.equal(inactivityFee(3), 0);
  assert.equal(inactivityFee(12), 0);
  assert.equal(inactivityFee(14), 1.1);
  assert.equal(inactivityFee(36), 13.2);
});
`,
  bugs: [
    {
      function: 'activationBonus',
      code: 'amount * 0.06',
      right: '0.06',
      wrong: { '0.6': 60, '0.05': 5, '0.09': 9 },
      title: 'Gift card bonus is wrong',
      story: 'The bonus that was booked on my new gift card is not the one you advertise.',
      example: 'activationBonus(100)',
      expected: 6,
    },
    {
      function: 'activationBonus',
      code: 'amount < 60',
      right: '60',
      wrong: { '90': 0, '100': 0, '600': 0 },
      title: 'Gift card came without its bonus',
      story: 'I bought a card that is large enough for the bonus, but none was booked.',
      example: 'activationBonus(75)',
      expected: 4.5,
    },
    {
      function: 'inactivityFee',
      code: 'charged * 0.55',
      right: '0.55',
      wrong: { '0.5': 4, '5.5': 44, '0.75': 6 },
      title: 'Inactivity fee is wrong',
      story:
        'An old gift card turned up in a drawer, and its fee does not match the conditions printed on it.',
      example: 'inactivityFee(20)',
      expected: 4.4,
    },
  ],
};
