const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** How long to wait after the `attempt`-th try that gave no machine: doubling, half of it left to chance. */
export function startPauseMs(attempt: number, fraction: number): number {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.round(pauseMs / 2 + (pauseMs / 2) * fraction);
}
