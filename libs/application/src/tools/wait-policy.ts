/** A machine waits for so long. What takes longer lets it sleep. */
const AWAKE_MS = 5 * 60_000;
const MAX_SLEEP_MS = 30 * 60_000;

/** Times are Unix milliseconds. */
export interface Wait {
  readonly startedAtMs: number;
  /** It ends then, whatever came of it. */
  readonly untilMs: number;
}

export type WaitDecision =
  | { readonly do: 'end' }
  /** With the machine, and look again. */
  | { readonly do: 'hold'; readonly forMs: number }
  /** Without it, and look again then. */
  | { readonly do: 'sleep'; readonly untilMs: number };

/**
 * How a wait goes on whose end nobody has told of yet: looked at every `pollMs` by a machine that is up, then ever more
 * seldom, for each look starts one.
 */
export function nextOfWait({ startedAtMs, untilMs }: Wait, pollMs: number, nowMs: number): WaitDecision {
  if (nowMs >= untilMs) return { do: 'end' };
  const awakeLeftMs = startedAtMs + AWAKE_MS - nowMs;
  if (awakeLeftMs > 0) return { do: 'hold', forMs: Math.min(pollMs, awakeLeftMs, untilMs - nowMs) };
  const sleepMs = Math.min(Math.max(nowMs - startedAtMs, AWAKE_MS), MAX_SLEEP_MS);
  return { do: 'sleep', untilMs: Math.min(nowMs + sleepMs, untilMs) };
}
