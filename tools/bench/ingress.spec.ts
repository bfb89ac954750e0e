import { expect, it } from '@jest/globals';
import { INGRESS_KINDS, measureIngress } from './ingress';

it('every kind of event is measured, and an empty handler beside them', async () => {
  const rows = await measureIngress(1, 5);
  expect(rows.map(({ kind }) => kind)).toEqual(INGRESS_KINDS);
  for (const { p50Ms, p99Ms, perSecond } of rows) {
    expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
    expect(Number.isFinite(perSecond)).toBe(true);
  }
});
