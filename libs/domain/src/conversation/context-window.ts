import type { PricedModel } from '../budget/price';

/** How much a model is given. */
export interface ContextWindow {
  /** What it takes at most, room for its answer left. */
  readonly inputTokens: number;
  /** From here on the conversation is made to fit. */
  readonly limitTokens: number;
}

/**
 * No conversation gets longer, however much a model takes: each step reads all of it, and models find less in more
 * (https://research.trychroma.com/context-rot).
 */
const WORKING_TOKENS = 200_000;
/** Counts are estimates. */
const MARGIN = 0.9;
/** Of the context, for the answer: servers refuse a conversation that leaves less room than was asked for. */
const SHARE_OF_ANSWER = 0.25;

type Limits = Pick<PricedModel, 'contextTokens' | 'maxOutputTokens'>;

/** How many tokens a model may be asked to answer with. */
export function answerTokens({ contextTokens, maxOutputTokens }: Limits, wantedTokens: number): number {
  const share = Math.max(1, Math.floor(contextTokens * SHARE_OF_ANSWER));
  return Math.min(wantedTokens, maxOutputTokens, share);
}

/** The window of a model that answers with `maxOutputTokens` at most; it ends where the price of every token rises. */
export function contextWindow(
  { longContext, ...limits }: Limits & Pick<PricedModel, 'longContext'>,
  maxOutputTokens: number,
): ContextWindow {
  const inputTokens = limits.contextTokens - answerTokens(limits, maxOutputTokens);
  const cheapTokens = longContext?.aboveTokens ?? Infinity;
  const limitTokens = Math.floor(MARGIN * Math.min(inputTokens, cheapTokens, WORKING_TOKENS));
  return { inputTokens, limitTokens };
}
