import type { Fault } from '@swe/domain';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

export type DeliveryDecision = { readonly do: 'refuse' } | { readonly do: 'retry'; readonly atMs: number };

/**
 * What to do about a post that its chat did not take, at the `attempt`-th try. What it will never take is settled as
 * refused, so that it holds up no other; everything else is tried for ever, with pauses that double. `fraction` in
 * [0, 1) spreads them; what the chat asked for is a minimum.
 */
export function afterDeliveryFailure(
  { kind, retryAfterMs = 0 }: Pick<Fault, 'kind' | 'retryAfterMs'>,
  attempt: number,
  nowMs: number,
  fraction: number,
): DeliveryDecision {
  if (kind === 'invalid' || kind === 'denied' || kind === 'missing') return { do: 'refuse' };
  const ceilingMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 20));
  return { do: 'retry', atMs: nowMs + Math.max(retryAfterMs, 0) + Math.ceil(ceilingMs * fraction) };
}
