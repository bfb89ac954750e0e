import type { StatusWords } from './status-words';

/** A tool in the place of another. */
const NEXT_TOOL_MS = 3_000;
/** The model thinks again, mostly for a few seconds. */
const THINKS_AGAIN_MS = 10_000;
/** Nothing but the figures. */
const FIGURES_MS = 30_000;

/** A status as it was last shown. */
export interface ShownStatus {
  readonly words: StatusWords;
  readonly atMs: number;
}

/**
 * Whether people are to see that a status has changed. A turn's course and its plan are shown at once, and so is what
 * comes after long thought; the rest so seldom that a chat is not asked for an edit at every step. What is passed over
 * comes with the next change.
 */
export function isWorthShowing(
  { words: shown, atMs }: ShownStatus,
  next: StatusWords,
  nowMs: number,
): boolean {
  if (next.state !== shown.state || next.plan !== shown.plan) return true;
  const ageMs = nowMs - atMs;
  if (next.doing !== shown.doing) {
    if (shown.doing === '') return true;
    return ageMs >= (next.doing === '' ? THINKS_AGAIN_MS : NEXT_TOOL_MS);
  }
  return next.figures !== shown.figures && ageMs >= FIGURES_MS;
}
