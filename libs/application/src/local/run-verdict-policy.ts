import type { Outcome, SessionPullRequest } from '@swe/domain';

/** How a run ended, as a script wants to know it. */
export type RunVerdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'asks-back' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly reason: string };

/** A run is done when its message was answered and, if the task was an issue, a pull request came of it. */
export function runVerdict(
  outcome: Outcome | undefined,
  wantsPullRequest: boolean,
  pullRequests: readonly SessionPullRequest[],
): RunVerdict {
  switch (outcome?.kind) {
    case 'answered':
      if (outcome.asksBack === true) return { kind: 'asks-back' };
      if (wantsPullRequest && pullRequests.length === 0) {
        return { kind: 'failed', reason: 'the work ended without a pull request' };
      }
      return { kind: 'done' };
    case 'stopped':
    case 'cancelled':
    case 'command-result':
      return { kind: 'stopped' };
    case 'failed':
      return { kind: 'failed', reason: outcome.cause };
    case 'refused':
      return { kind: 'failed', reason: outcome.reason };
    case undefined:
      return { kind: 'failed', reason: 'the session had no message to work on' };
  }
}
