import { knownModel } from './model-catalog';
import type { ModelFacts } from './model-facts';

/** What money has to know of a model. */
export type PricedModel = Pick<ModelFacts, 'contextTokens' | 'maxOutputTokens' | 'prices' | 'longContext'>;

/** A model's price; undefined where nobody knows it, which is never taken for nothing. */
export type PriceOf = (modelId: string) => PricedModel | undefined;

/** Costs nothing, and takes whatever it is given. */
export const FREE: PricedModel = {
  contextTokens: Number.MAX_SAFE_INTEGER,
  maxOutputTokens: Number.MAX_SAFE_INTEGER,
  prices: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
};

/**
 * What is asked of a model of one's own server that no catalogue knows: what most can do. It sends no bill.
 */
export const UNKNOWN_OWN_MODEL: PricedModel = { ...FREE, contextTokens: 32_768, maxOutputTokens: 8_192 };

/** Whether a model is one of a server of one's own: what that serves need not be known to anybody else. */
export function isOwnServers(modelId: string): boolean {
  return modelId.startsWith('openai-compatible/');
}

/** The prices of a catalogue. A model of one's own server costs what the catalogue says, and nothing where it says nothing. */
export function pricesOf(catalog: readonly ModelFacts[]): PriceOf {
  return (modelId) => knownModel(catalog, modelId) ?? (isOwnServers(modelId) ? UNKNOWN_OWN_MODEL : undefined);
}
