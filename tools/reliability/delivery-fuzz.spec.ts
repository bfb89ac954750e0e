import { expect, it } from '@jest/globals';
import { deliveryFuzz } from './delivery-fuzz';
import { PROTECTIONS } from './protection';
import { NO_VIOLATIONS } from './verdict';

it('every message reaches one outcome, however it is delivered and whoever dies', async () => {
  const { messages, mishaps, violations, failures } = await deliveryFuzz(1, 500);
  expect(failures).toEqual([]);
  expect(violations).toEqual(NO_VIOLATIONS);
  expect(messages).toBeGreaterThanOrEqual(500);
  expect(mishaps).toBeGreaterThan(100);
});

it.each([
  { without: PROTECTIONS.identity, kind: 'withTwoOutcomes' },
  { without: PROTECTIONS.sweeping, kind: 'withoutOutcome' },
] as const)('it shows when not $without.name', async ({ without, kind }) => {
  expect((await deliveryFuzz(1, 100, without)).violations[kind]).toBeGreaterThan(0);
});
