import { nanoUsdWords, spentWords } from '@swe/domain';
import type { Session } from '@swe/domain';

export interface CapReached {
  readonly spentNanoUsd: number;
  readonly capNanoUsd: number;
  /** What the next model call may cost at most. */
  readonly wantedNanoUsd: number;
}

/** That a session's work stands still over its cap, and what makes it go on, as Markdown. */
export function capReachedWords(
  { id, origin }: Pick<Session, 'id' | 'origin'>,
  { spentNanoUsd, capNanoUsd, wantedNanoUsd }: CapReached,
): string {
  const state = `The budget of this session does not cover my next step: ${spentWords(spentNanoUsd, capNanoUsd)} spent, and it may cost up to ${nanoUsdWords(wantedNanoUsd)}.`;
  // Who sits at a terminal speaks to the agent there, and to the program by its options.
  const mend = origin.startsWith('terminal:')
    ? `\`swe run --resume ${id} --budget <US dollars>\``
    : '`budget <US dollars>`';
  return `${state}\n\nWith a higher one, set by ${mend}, I go on from here by myself.`;
}

export function unknownPriceWords(model: string): { readonly cause: string; readonly advice: string } {
  return {
    cause: `Nobody has told me what ${model} costs, so I can't keep to a budget with it.`,
    advice: 'Add its prices to the file that SWE_MODEL_CATALOG names, or choose another model.',
  };
}
