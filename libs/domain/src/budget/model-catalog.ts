import { Fault, isFault } from '../fault';
import type { ImageLimits } from '../ports/image';
import { bedrockModelId } from './bedrock-model-id';
import { onBedrock } from './bedrock-models';
import { SAFE_IMAGE_LIMITS } from './model-facts';
import type { ModelFacts, TokenPrices } from './model-facts';
import type { Usage } from './usage';

const ANTHROPIC = 'https://platform.claude.com/docs/en/about-claude/pricing';
const OPENAI = 'https://developers.openai.com/api/docs/pricing';
const CHECKED_ON = '2026-11-22';

const ANTHROPIC_MODELS: readonly ModelFacts[] = [
  anthropic('claude-fable-5-1', 'bound', { input: 10, output: 50, cacheRead: 0.25, cacheWrite: 12.5 }),
  anthropic('claude-opus-5-5', 'bound', { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 }),
  anthropic('claude-opus-5', 'kept', { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 }),
  anthropic('claude-sonnet-5-5', 'bound', { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 }),
  anthropic('claude-sonnet-5', 'kept', { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 }),
  {
    ...anthropic('claude-haiku-5-5', 'kept', { input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125 }),
    longContext: {
      aboveTokens: 100_000,
      prices: { input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625 },
    },
  },
];

/** They have no place among Anthropic's own above: newer ones have replaced them there. */
const OLDER_ON_BEDROCK: readonly ModelFacts[] = [
  ...onBedrock(
    {
      ...budgeted('claude-sonnet-4-5', { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 }),
      betas: ['interleaved-thinking-2025-05-14'],
    },
    'anthropic.claude-sonnet-4-5-20250929-v1:0',
  ),
  ...onBedrock(
    budgeted('claude-haiku-4-5', { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 }),
    'anthropic.claude-haiku-4-5-20251001-v1:0',
  ),
];

/** Cache writes are for the shorter retention: 5 minutes at Anthropic, 30 at OpenAI. */
export const BUILT_IN_MODELS: readonly ModelFacts[] = [
  ...ANTHROPIC_MODELS,
  ...ANTHROPIC_MODELS.flatMap((facts) => onBedrock(facts)),
  ...OLDER_ON_BEDROCK,
  openAi('gpt-6-astra', { input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5 }),
  openAi('gpt-6.2-sol', { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 }),
  openAi('gpt-6-sol', { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 }),
  openAi('gpt-6-luna', { input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125 }),
  {
    id: 'rehearsal/*',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    prices: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    seesImages: false,
    imageLimits: SAFE_IMAGE_LIMITS,
    thinking: 'none',
    source: 'a script of our own',
    checkedOn: CHECKED_ON,
  },
];

/**
 * Thinking: https://platform.claude.com/docs/en/build-with-claude/thinking-troubleshooting (which models),
 * https://platform.claude.com/docs/en/build-with-claude/preserved-thinking (whose blocks are bound). Pictures:
 * https://platform.claude.com/docs/en/build-with-claude/vision; above 2,000 pixels a request with more than 20 is
 * refused. Documents: https://platform.claude.com/docs/en/build-with-claude/pdf-support, of a size that leaves room for
 * others.
 */
function anthropic(name: string, thinking: ModelFacts['thinking'], prices: TokenPrices): ModelFacts {
  return {
    id: `anthropic/${name}`,
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    seesImages: true,
    imageLimits: { ...SAFE_IMAGE_LIMITS, maxSidePixels: 2_000 },
    documents: { mediaTypes: ['application/pdf'], maxBytes: 10_000_000, maxPages: 600 },
    thinking,
    prices,
    summariser: 'anthropic/claude-haiku-5-5',
    source: ANTHROPIC,
    checkedOn: CHECKED_ON,
  };
}

/** Of the generation that is told how many tokens to think for. */
function budgeted(name: string, prices: TokenPrices): ModelFacts {
  return { ...anthropic(name, 'budgeted', prices), contextTokens: 200_000, maxOutputTokens: 64_000 };
}

/** Above 272,000 input tokens the whole request costs double for input and half as much again for output. */
function openAi(name: string, prices: TokenPrices): ModelFacts {
  const { input, output, cacheRead, cacheWrite } = prices;
  const long = {
    input: 2 * input,
    output: 1.5 * output,
    cacheRead: 2 * cacheRead,
    cacheWrite: 2 * cacheWrite,
  };
  return {
    id: `openai/${name}`,
    contextTokens: 1_050_000,
    maxOutputTokens: 128_000,
    prices,
    longContext: { aboveTokens: 272_000, prices: long },
    seesImages: true,
    // It takes more, but a session may go on with a model of another vendor.
    imageLimits: { ...SAFE_IMAGE_LIMITS, maxSidePixels: 2_000 },
    // https://developers.openai.com/api/docs/guides/pdf-files names no number of pages.
    documents: { mediaTypes: ['application/pdf'], maxBytes: 10_000_000, maxPages: 600 },
    thinking: 'kept',
    summariser: 'openai/gpt-6-luna',
    source: OPENAI,
    checkedOn: CHECKED_ON,
  };
}

/** `own` beside the built-in models, and instead of those of the same id. */
export function catalogWith(own: readonly ModelFacts[]): readonly ModelFacts[] {
  const replaced = new Set(own.map(({ id }) => id));
  return [...own, ...BUILT_IN_MODELS.filter(({ id }) => !replaced.has(id))];
}

/** The facts of a model. Throws `invalid` for an unknown id, naming those that are close to it. */
export function findModel(catalog: readonly ModelFacts[], id: string): ModelFacts {
  for (const name of namesOf(id)) {
    const found = catalog.find((facts) => facts.id === name);
    if (found !== undefined) return { ...found, id };
  }
  const close = closest(
    catalog.map((facts) => facts.id),
    id,
  );
  throw new Fault('invalid', `The model ${id} is not known. Close to it: ${close.join(', ')}.`);
}

/** The facts of a model; undefined for an unknown id. */
export function knownModel(catalog: readonly ModelFacts[], id: string): ModelFacts | undefined {
  try {
    return findModel(catalog, id);
  } catch (error) {
    if (isFault(error, 'invalid')) return undefined;
    throw error;
  }
}

/** What a model may be known as, the closest first: a model on Bedrock also without its region and its geography. */
function namesOf(id: string): readonly string[] {
  const provider = id.slice(0, id.indexOf('/'));
  const { modelId, baseId } = bedrockModelId(id.slice(provider.length + 1));
  const onBedrock = provider === 'bedrock' ? [`bedrock/${modelId}`, `bedrock/${baseId}`] : [];
  return [id, ...onBedrock, `${provider}/*`];
}

/**
 * Limits of pictures that each of these models takes that sees any: each of them may be asked next. Undefined where
 * none does.
 */
export function tightestImageLimits(
  models: readonly Pick<ModelFacts, 'seesImages' | 'imageLimits'>[],
): ImageLimits | undefined {
  const limits = models.filter(({ seesImages }) => seesImages).map(({ imageLimits }) => imageLimits);
  if (limits.length === 0) return undefined;
  return {
    maxBytes: Math.min(...limits.map(({ maxBytes }) => maxBytes)),
    maxSidePixels: Math.min(...limits.map(({ maxSidePixels }) => maxSidePixels)),
  };
}

/** What a model call cost in US dollars; undefined when the model's prices are not known. */
export type CostOf = (modelId: string, usage: Usage) => number | undefined;

/** What a call cost, in US dollars. */
export function costUsd(
  { prices, longContext }: Pick<ModelFacts, 'prices' | 'longContext'>,
  usage: Usage,
): number {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const wholeInput = inputTokens + cacheReadTokens + cacheWriteTokens;
  const isLong = longContext !== undefined && wholeInput > longContext.aboveTokens;
  const { input, output, cacheRead, cacheWrite } = isLong ? longContext.prices : prices;
  const dollarsPerMillion =
    inputTokens * input + outputTokens * output + cacheReadTokens * cacheRead + cacheWriteTokens * cacheWrite;
  return dollarsPerMillion / 1_000_000;
}

const NAMES_SHOWN = 3;

function closest(names: readonly string[], wanted: string): readonly string[] {
  return names
    .map((name) => ({ name, distance: editDistance(name, wanted) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, NAMES_SHOWN)
    .map(({ name }) => name);
}

/** Levenshtein's: how many characters to add, remove or change to make one word of the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, x] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, y] of [...b].entries()) {
      const change = (row[j] ?? 0) + (x === y ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
