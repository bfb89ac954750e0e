import { expect, it, jest } from '@jest/globals';
import { contextFuzz, NO_CONTEXT_VIOLATIONS } from './context-fuzz';
import { CONTEXT_PROTECTIONS } from './context-protection';

jest.setTimeout(300_000);

/** A tenth in every test run. */
const HISTORIES = process.env['SWE_TEST_FULL'] === '1' ? 10_000 : 1_000;

it('every conversation stays valid, within its limit and true to the person, however long it gets', () => {
  const { requests, shortenings, cuts, given, violations, failures } = contextFuzz(1, HISTORIES);
  expect(failures).toEqual([]);
  expect(violations).toEqual(NO_CONTEXT_VIOLATIONS);
  expect(requests).toBeGreaterThan(20 * HISTORIES);
  expect(shortenings).toBeGreaterThan(HISTORIES / 4);
  expect(cuts).toBeGreaterThan(HISTORIES / 2);
  // What people wrote filled more than its share of such small windows; that nothing fits at all is rare.
  expect(given.pinned).toBeLessThan(HISTORIES / 5);
  expect(given.full).toBeLessThan(HISTORIES / 50);
});

it.each([
  { without: CONTEXT_PROTECTIONS.fitting, kind: 'overLimit' },
  { without: CONTEXT_PROTECTIONS.words, kind: 'lostWords' },
  { without: CONTEXT_PROTECTIONS.rules, kind: 'lostRules' },
  { without: CONTEXT_PROTECTIONS.pairs, kind: 'invalid' },
  { without: CONTEXT_PROTECTIONS.journal, kind: 'otherBytes' },
] as const)('it shows when not: $without.name', ({ without, kind }) => {
  expect(contextFuzz(1, 50, without).violations[kind]).toBeGreaterThan(0);
});
