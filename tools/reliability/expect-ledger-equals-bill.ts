import { expect } from '@jest/globals';
import type { RushResult } from './ledger-rush';

/** What was reported is counted to the nano-dollar, what was not at its worst case, and nothing is left set aside. */
export function expectLedgerEqualsBill({
  report,
  reportedNanoUsd,
  unreportedNanoUsd,
  estimatedNanoUsd,
}: RushResult): void {
  expect(report).toEqual({
    reservedNanoUsd: 0,
    spentNanoUsd: reportedNanoUsd + estimatedNanoUsd,
    estimatedNanoUsd,
  });
  expect(estimatedNanoUsd).toBeGreaterThanOrEqual(unreportedNanoUsd);
}
