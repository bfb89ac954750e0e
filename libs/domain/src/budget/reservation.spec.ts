import { describe, expect, it } from '@jest/globals';
import { checkCap, isReserved, openReservation } from './reservation';
import type { LedgerScope, ReservationRecord } from './reservation';

const key = { sessionId: 's1', callNumber: 1 };
const scopes: readonly LedgerScope[] = [{ name: 'session:s1', capNanoUsd: 10 }, { name: 'month:2026-11' }];
const wanted = openReservation(key, scopes, 5);

describe('a reservation', () => {
  it('is open, and keeps the names of its scopes', () => {
    expect(wanted).toEqual({ amountNanoUsd: 5, scopes: ['session:s1', 'month:2026-11'], state: 'open' });
  });

  it.each<[string, readonly LedgerScope[], number, number]>([
    ['half a nano-dollar', scopes, 0.5, 1],
    ['a negative amount', scopes, -1, 1],
    ['a cap that is no amount', [{ name: 'a', capNanoUsd: NaN }], 5, 1],
    ['no scope', [], 5, 1],
    ['a scope twice', [{ name: 'a' }, { name: 'a', capNanoUsd: 1 }], 5, 1],
    ['call 0', scopes, 5, 0],
    ['half a call', scopes, 5, 1.5],
  ])('is refused: %s', (_name, some, amount, callNumber) => {
    const make = () => openReservation({ ...key, callNumber }, some, amount);
    expect(make).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });
});

describe('a key', () => {
  it.each<[string, ReservationRecord | undefined, boolean]>([
    ['unknown: no', undefined, false],
    ['released: no', { ...wanted, state: 'released' }, false],
    ['open, the same: yes', wanted, true],
    ['open, the same in another order: yes', { ...wanted, scopes: wanted.scopes.toReversed() }, true],
  ])('is reserved already? %s', (_name, known, expected) => {
    expect(isReserved(key, known, wanted)).toBe(expected);
  });

  it.each<[string, ReservationRecord]>([
    ['settled', { ...wanted, state: 'settled' }],
    ['open with another amount', { ...wanted, amountNanoUsd: 6 }],
    ['open with a scope less', { ...wanted, scopes: ['session:s1'] }],
    ['open with a scope more', { ...wanted, scopes: [...wanted.scopes, 'requester:local:ada'] }],
  ])('cannot be reserved: %s', (_name, known) => {
    expect(() => isReserved(key, known, wanted)).toThrow(expect.objectContaining({ kind: 'conflict' }));
  });
});

describe('under a cap', () => {
  const MAX = Number.MAX_SAFE_INTEGER;

  it.each<[string, number | undefined, number, number]>([
    ['less than is left', 10, 4, 5],
    ['all that is left', 10, 4, 6],
    ['nothing, where nothing is left', 10, 10, 0],
    ['nothing, where more was spent', 10, 12, 0],
    ['anything, where there is no cap', undefined, 12, MAX],
    ['the last unit there is', MAX, MAX - 1, 1],
  ])('fits %s', (_name, capNanoUsd, committed, amount) => {
    expect(() => checkCap(scope(capNanoUsd), committed, amount)).not.toThrow();
  });

  it.each([
    ['more than is left', 10, 4, 7],
    ['anything, where more was spent', 10, 12, 1],
    ['anything under a cap of nothing', 0, 0, 1],
    ['one unit too many for a float', MAX, MAX - 1, 2],
  ])('does not fit %s', (_name, capNanoUsd, committed, amount) => {
    const refusal = expect.objectContaining({ kind: 'denied', scope: 'month:2026-11' });
    expect(() => checkCap(scope(capNanoUsd), committed, amount)).toThrow(refusal);
  });

  it('says what is left, in dollars', () => {
    const check = () => checkCap(scope(10_000_000_000), 9_500_000_000, 1_250_000_000);
    expect(check).toThrow('month:2026-11 has 0.5 USD left, and the call may cost 1.25');
  });

  function scope(capNanoUsd: number | undefined): LedgerScope {
    return { name: 'month:2026-11', ...(capNanoUsd !== undefined && { capNanoUsd }) };
  }
});
