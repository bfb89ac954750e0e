import { DOCUMENT_MEDIA_TYPES } from '../conversation/media-type';
import type { DocumentLimits } from './file-limits';
import type { ModelFacts, TokenPrices } from './model-facts';

/** Outside global profiles, from Claude Sonnet 4.5 on. */
const REGIONAL_PREMIUM = 1.1;

/**
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html, with the sizes of
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html and the pages of
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-api-restrictions.html; its other formats are text.
 */
const DOCUMENTS: DocumentLimits = {
  mediaTypes: [...DOCUMENT_MEDIA_TYPES],
  maxBytes: 4_500_000,
  maxPages: 100,
};

const SOURCE =
  "Anthropic's own (https://platform.claude.com/docs/en/about-claude/pricing), and a tenth more outside global profiles as https://clauder-navi.com/en/bedrock-claude-cost/ says of them; https://aws.amazon.com/bedrock/pricing/ was not read";

/**
 * One of Anthropic's models as Bedrock sells it: through its global profile at Anthropic's price, through any other at a
 * tenth more. Since Claude Opus 5 its id is Anthropic's name of it behind `anthropic.`:
 * https://dev.classmethod.jp/en/articles/bedrock-claude-opus-5-5/,
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-haiku-5-5.html
 */
export function onBedrock(
  facts: ModelFacts,
  baseId = facts.id.replace('anthropic/', 'anthropic.'),
): ModelFacts[] {
  const shared: ModelFacts = {
    ...facts,
    // https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
    cachePoints: ['tools', 'system', 'messages'],
    documents: DOCUMENTS,
    ...(facts.summariser && {
      summariser: facts.summariser.replace('anthropic/', 'bedrock/anthropic.'),
    }),
    source: SOURCE,
  };
  const regional: ModelFacts = {
    ...shared,
    id: `bedrock/${baseId}`,
    prices: dearer(facts.prices),
    ...(facts.longContext && {
      longContext: { ...facts.longContext, prices: dearer(facts.longContext.prices) },
    }),
  };
  return [regional, { ...shared, id: `bedrock/global.${baseId}` }];
}

function dearer({ input, output, cacheRead, cacheWrite }: TokenPrices): TokenPrices {
  return {
    input: premium(input),
    output: premium(output),
    cacheRead: premium(cacheRead),
    cacheWrite: premium(cacheWrite),
  };
}

/** To a millionth of a dollar: a tenth more is no binary fraction. */
function premium(price: number): number {
  return Math.round(price * REGIONAL_PREMIUM * 1_000_000) / 1_000_000;
}
