import type { Check } from '@swe/domain';

/** What a head's checks come to. `none`: nothing was ever started for it. */
export type ChecksVerdict = 'none' | 'pending' | 'passed' | 'failed';

/** A check that was cancelled says nothing about the commit, so it does not count as passed. */
export function checksVerdict(checks: readonly Check[]): ChecksVerdict {
  if (checks.length === 0) return 'none';
  if (checks.some(({ state }) => state === 'pending')) return 'pending';
  return checks.some(isBad) ? 'failed' : 'passed';
}

export const isBad = ({ state }: Check): boolean => state === 'failure' || state === 'cancelled';

/** How long a host may take to start its first check. */
const STARTING_MS = 60_000;

/**
 * Whether more is to be waited for. A commit without checks may get some: they are started by programs elsewhere. One
 * that has failed is known at once, also while others run.
 */
export function waitsOn(checks: readonly Check[], waitedMs: number): boolean {
  const verdict = checksVerdict(checks);
  if (verdict === 'pending') return !checks.some(({ state }) => state === 'failure');
  return verdict === 'none' && waitedMs < STARTING_MS;
}
