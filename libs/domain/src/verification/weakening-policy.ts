import { needsPersonsWord } from './diff-findings';
import type { DiffFinding } from './diff-findings';
import { lineOfFinding } from './verification-policy';

/** What a change does to tests and workflows. */
export interface ExaminedChange {
  readonly findings: readonly DiffFinding[];
  /** It was too large, or git could not tell it: there may be more. */
  readonly isCut: boolean;
}

const MAX_LINES = 12;

/**
 * How a change makes checks say less, or may, in lines of Markdown: what a repair of failed checks needs a person's word
 * for. Empty where it needs none.
 */
export function weakeningOf({ findings, isCut }: ExaminedChange): readonly string[] {
  const lines = findings.filter(needsPersonsWord).map(lineOfFinding);
  const left = lines.length - MAX_LINES;
  return [
    ...lines.slice(0, MAX_LINES),
    ...(left > 0 ? [`and ${left} more`] : []),
    ...(isCut ? ['more than could be looked through'] : []),
  ];
}
