const FIRST_MS = 1_000;
const MAX_MS = 60_000;

/** How long to wait after that many failures in a row (from 0): exponential, all of it chance, as AWS asks clients to. */
export function pauseMs(failures: number, fraction: number): number {
  return fraction * Math.min(MAX_MS, FIRST_MS * 2 ** failures);
}
