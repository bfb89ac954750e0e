import { nanoUsdWords, spentWords, toUsd } from '@swe/domain';
import type { Session } from '@swe/domain';
import type { DeniedByCap } from './reserve-call';

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
  return `${state}\n\nWith a higher one, set by ${mendOf({ id, origin })}, I go on from here by myself.`;
}

/** That a session has used up most of its cap and works on, as Markdown. */
export function nearCapWords(
  { id, origin }: Pick<Session, 'id' | 'origin'>,
  { spentNanoUsd, capNanoUsd }: Omit<CapReached, 'wantedNanoUsd'>,
): string {
  return `I have used most of this session's budget: ${spentWords(spentNanoUsd, capNanoUsd)} spent. I go on until it is used up. May I have more? ${mendOf({ id, origin })} sets a higher one.`;
}

/** That a cap under which others spend as well is mostly used up, whose scope says whose, and who can raise it. */
export function nearSharedCapWords({
  scope,
  spentNanoUsd,
  capNanoUsd,
}: Omit<CapReached, 'wantedNanoUsd'> & Pick<DeniedByCap, 'scope'>): string {
  const { budget, mend } = sharedBudget(scope);
  return `Most of ${budget} is used: ${spentWords(spentNanoUsd, capNanoUsd)} spent. I go on until it is used up. ${mend}.`;
}

/** That such a cap stands in the way: as Markdown, for whoever asked. */
export function sharedCapReachedWords({
  scope,
  spentNanoUsd,
  capNanoUsd,
  wantedNanoUsd,
}: CapReached & Pick<DeniedByCap, 'scope'>): string {
  const { budget, mend, isMonths } = sharedBudget(scope);
  const state = `${spentWords(spentNanoUsd, capNanoUsd)} spent, and it may cost up to ${nanoUsdWords(wantedNanoUsd)}`;
  const goesOn = `A message here then makes me go on${isMonths ? ', as it does next month' : ''}.`;
  return `Not enough is left of ${budget} for my next step: ${state}.\n\n${mend}. ${goesOn}`;
}

/** What a shared cap is called, and what raises it. */
function sharedBudget(scope: string): {
  readonly budget: string;
  readonly mend: string;
  readonly isMonths: boolean;
} {
  const [kind = '', ...rest] = scope.split(':');
  if (kind === 'session') {
    const budget = `the budget of session \`${rest.join(':')}\`, for which I work,`;
    return { budget, mend: '`budget <US dollars>`, said there, sets a higher one', isMonths: false };
  }
  const [whose, variable] = ofMonth(kind, scope.slice(kind.length + 1, scope.lastIndexOf('/')));
  const mend = `Whoever runs me can raise it (\`${variable}\`)`;
  return { budget: `this month's budget for ${whose}`, mend, isMonths: true };
}

function ofMonth(kind: string, name: string): readonly [whose: string, variable: string] {
  if (kind === 'requester') return ['whoever asked for this', 'SWE_BUDGET_REQUESTER_MONTH_USD'];
  if (kind === 'repository') return [`work in ${name}`, 'SWE_BUDGET_REPOSITORY_MONTH_USD'];
  return ['all sessions together', 'SWE_BUDGET_MONTH_USD'];
}

/** What grants a session as much again as it had. */
export const budgetCommand = (capNanoUsd: number): string =>
  `budget ${Math.max(1, Math.ceil(2 * toUsd(capNanoUsd)))}`;

/** Who sits at a terminal speaks to the agent there, and to the program by its options. */
function mendOf({ id, origin }: Pick<Session, 'id' | 'origin'>): string {
  return origin.startsWith('terminal:')
    ? `\`swe run --resume ${id} --budget <US dollars>\``
    : '`budget <US dollars>`';
}

export function unknownPriceWords(model: string): { readonly cause: string; readonly advice: string } {
  return {
    cause: `Nobody has told me what ${model} costs, so I can't keep to a budget with it.`,
    advice: 'Add its prices to the file that SWE_MODEL_CATALOG names, or choose another model.',
  };
}
