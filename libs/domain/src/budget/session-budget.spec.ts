import { describe, expect, it } from '@jest/globals';
import { isGrantedMore, scopesOf, spentWords } from './session-budget';

const TEN = 10_000_000_000;

describe('a session’s budget', () => {
  it('is its own, else what is set for all', () => {
    expect(scopesOf({ id: 's1' }, TEN)).toEqual([{ name: 'session:s1', capNanoUsd: TEN }]);
    expect(scopesOf({ id: 's1', capNanoUsd: 5 }, TEN)).toEqual([{ name: 'session:s1', capNanoUsd: 5 }]);
  });

  it.each([
    ['that was never denied', {}, false],
    ['with the same as when it was', { deniedCapNanoUsd: TEN }, false],
    ['with less', { deniedCapNanoUsd: TEN, capNanoUsd: 5 }, false],
    ['with more of its own', { deniedCapNanoUsd: TEN, capNanoUsd: TEN + 1 }, true],
    ['with more for all', { deniedCapNanoUsd: 5 }, true],
    ['with more for all, but not for it', { deniedCapNanoUsd: 5, capNanoUsd: 5 }, false],
  ])('%s lets put-down work go on: %j, %s', (_name, session, expected) => {
    expect(isGrantedMore(session, TEN)).toBe(expected);
  });

  it('is told in dollars, and less than a cent is not nothing', () => {
    expect(spentWords(1_200_000_000, TEN)).toBe('$1.20 of $10.00');
    expect(spentWords(1, TEN)).toBe('under $0.01 of $10.00');
    expect(spentWords(0, 0)).toBe('$0.00 of $0.00');
  });
});
