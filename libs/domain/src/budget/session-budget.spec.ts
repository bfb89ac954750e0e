import { describe, expect, it } from '@jest/globals';
import { isGrantedMore, isNearCap, scopesOf, spentWords } from './session-budget';

const TEN = 10_000_000_000;

describe('a session’s budget', () => {
  const session = { id: 's1', requester: 'slack:T/ADA', repositories: ['https://github.com/a/b'] };
  const atMs = Date.UTC(2026, 10, 30, 23, 59);

  it('is its own, else what is set for all', () => {
    const own = { name: 'session:s1', capNanoUsd: TEN };
    expect(scopesOf(session, { capNanoUsd: TEN }, 'a/m', atMs)[0]).toEqual(own);
    const granted = scopesOf({ ...session, capNanoUsd: 5 }, { capNanoUsd: TEN }, 'a/m', atMs);
    expect(granted[0]).toEqual({ ...own, capNanoUsd: 5 });
  });

  it('is counted in that of the session that it works for, whose cap is its own or what is set for all', () => {
    const child = { ...session, parent: 's0', capNanoUsd: 5 };
    const parent = (caps: { readonly parentCapNanoUsd?: number }) =>
      scopesOf(child, { capNanoUsd: TEN, ...caps }, 'a/m', atMs)[1];
    expect(parent({})).toEqual({ name: 'session:s0', capNanoUsd: TEN });
    expect(parent({ parentCapNanoUsd: 7 })).toEqual({ name: 'session:s0', capNanoUsd: 7 });
  });

  it('is counted for the month too, by whom it is for, where, and with which model', () => {
    const monthly = { all: 3, repository: 2 };
    expect(scopesOf(session, { capNanoUsd: TEN, monthly }, 'a/m', atMs).slice(1)).toEqual([
      { name: 'requester:slack:T/ADA/2026-11' },
      { name: 'repository:https://github.com/a/b/2026-11', capNanoUsd: 2 },
      { name: 'month:2026-11', capNanoUsd: 3 },
      { name: 'model:a/m/2026-11' },
    ]);
    const twice = { ...session, repositories: [...session.repositories, ...session.repositories] };
    expect(scopesOf(twice, { capNanoUsd: TEN }, 'a/m', atMs + 60_000)).toHaveLength(5);
  });

  it.each([
    [79, 100, false],
    [80, 100, true],
    [100, 100, true],
    [0, 0, false],
  ])('%d of %d is near its end: %s', (spent, cap, expected) => {
    expect(isNearCap(spent, cap)).toBe(expected);
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
