import { costUsd } from './model-catalog';
import { toNanoUsd } from './nano-usd';
import type { PricedModel } from './price';
import { noUsage } from './usage';
import type { Usage } from './usage';

/** A model call that has not gone out. */
export interface WantedCall {
  /** At most. */
  readonly inputTokens: number;
  /** That it asks for at most. */
  readonly maxOutputTokens: number;
}

/** What a model call cost. */
export function billNanoUsd(model: PricedModel, usage: Usage): number {
  return toNanoUsd(costUsd(model, usage));
}

/**
 * The most that a model call may cost: all of its input in the dearest tier, all of its output used. Prices may rise
 * with the length of the input, so the most input is the worst. No call takes more than the model's context.
 */
export function worstCaseNanoUsd(model: PricedModel, { inputTokens, maxOutputTokens }: WantedCall): number {
  const input = Math.min(inputTokens, model.contextTokens);
  const outputTokens = Math.min(maxOutputTokens, model.maxOutputTokens);
  const tiers = ['inputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;
  return Math.max(...tiers.map((tier) => billNanoUsd(model, { ...noUsage, outputTokens, [tier]: input })));
}
