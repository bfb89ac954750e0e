import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkNanoUsd, toNanoUsd, toUsd } from './nano-usd';

describe('US dollars in nano-US-dollars', () => {
  it.each([
    [0, 0],
    [1, 1_000_000_000],
    [0.013, 13_000_000],
    [10, 10_000_000_000],
    [1e-9, 1],
    [1.1e-9, 2],
    [1e-12, 1],
    // Three tokens at 37.5 nano-dollars.
    [(3 * 0.0375) / 1_000_000, 113],
  ])('%d are %d, rounded up', (usd, nano) => {
    expect(toNanoUsd(usd)).toBe(nano);
  });

  it('are not rounded up for the noise of a sum', () => {
    expect(0.1 + 0.2).toBeGreaterThan(0.3);
    expect(toNanoUsd(0.1 + 0.2)).toBe(300_000_000);
    expect(toNanoUsd((3 * 0.1) / 1_000_000)).toBe(300);
  });

  it('come back as they went, up to a million dollars', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e15 }), (amount) => {
        expect(toNanoUsd(toUsd(amount))).toBe(amount);
      }),
    );
  });

  it.each([-1, -1e-12, NaN, Infinity, 1e10])('are no amount: %d', (usd) => {
    expect(() => toNanoUsd(usd)).toThrow('no amount');
  });
});

describe('an amount in nano-US-dollars', () => {
  it.each([0, 1, Number.MAX_SAFE_INTEGER])('can be %d', (amount) => {
    expect(checkNanoUsd(amount)).toBe(amount);
  });

  it.each([-1, 0.5, NaN, Infinity, Number.MAX_SAFE_INTEGER + 1])('cannot be %d', (amount) => {
    expect(() => checkNanoUsd(amount)).toThrow('no amount');
  });
});
