import { readFile } from 'node:fs/promises';
import { openAnthropic, openOpenAi, openOpenAiCompatible } from '@swe/adapter-ai-sdk/models';
import { REHEARSAL_SCRIPTS, rehearsalModel } from '@swe/adapter-local/rehearsal';
import type { CostOf } from '@swe/adapter-local/terminal';
import { withinLimits } from '@swe/application/agent';
import {
  bedrockModelId,
  BUILT_IN_MODELS,
  catalogWith,
  costUsd,
  Fault,
  isFault,
  findModel,
  inferenceProfileOf,
  modelFacts,
  SAFE_IMAGE_LIMITS,
  tightestImageLimits,
} from '@swe/domain';
import type { ImageLimits, LanguageModel, ModelFacts } from '@swe/domain';
import { z } from 'zod';

/** Models in the order in which they are asked, and the pictures that all of them take. */
export interface Models {
  readonly models: readonly [LanguageModel, ...LanguageModel[]];
  readonly imageLimits: ImageLimits;
}

interface VendorAccess {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}

/** How models are reached, as the person set it. */
export interface ModelAccess {
  /** A JSON file with a list of `ModelFacts`. */
  readonly catalog: string | undefined;
  readonly anthropic: VendorAccess;
  readonly openai: VendorAccess;
  readonly compatibleUrl: string | undefined;
  /** Where Bedrock's models are, unless their name says otherwise. */
  readonly awsRegion: string | undefined;
}

/** What has to be known of a model to ask it. */
type Facts = Pick<
  ModelFacts,
  'contextTokens' | 'maxOutputTokens' | 'seesImages' | 'imageLimits' | 'thinking' | 'cachePoints' | 'betas'
>;

/**
 * What is asked of a model of one's own server that no catalogue knows: what most can do. Not to see pictures: where
 * one can't, the server refuses every later request of that conversation
 * (https://github.com/ggml-org/llama.cpp/issues/13566).
 */
const UNKNOWN_MODEL: Facts = {
  contextTokens: 32_768,
  maxOutputTokens: 8_192,
  seesImages: false,
  imageLimits: SAFE_IMAGE_LIMITS,
  thinking: 'none',
};

const BEDROCK = 'bedrock/';

/** The model that needs no account. */
export const REHEARSAL = `rehearsal/${REHEARSAL_SCRIPTS[0]}`;

async function readCatalog(path: string | undefined): Promise<readonly ModelFacts[]> {
  if (path === undefined) return BUILT_IN_MODELS;
  try {
    return catalogWith(z.array(modelFacts).parse(JSON.parse(await readFile(path, 'utf8'))));
  } catch (cause) {
    const reason = Error.isError(cause) ? cause.message : String(cause);
    throw new Fault('invalid', `SWE_MODEL_CATALOG: ${path} is not a list of models (${reason}).`, {
      cause,
    });
  }
}

/**
 * The models of a comma-separated list of `<provider>/<model id>`, each within what is known of it. Throws
 * `invalid` that says what to set when there is none, one is unknown, or its key or address is missing.
 */
export async function openModels(list: string | undefined, access: ModelAccess): Promise<Models> {
  const catalog = await readCatalog(access.catalog);
  const ids = (list ?? '').split(',').flatMap((id) => id.trim() || []);
  const known = ids.map((written) => {
    const id = askedId(written, access);
    return { id, facts: factsOf(catalog, id) };
  });
  const [first, ...others] = await Promise.all(
    known.map(async ({ id, facts }) => withinLimits(await connect(access, id, facts), facts)),
  );
  if (first !== undefined) {
    return { models: [first, ...others], imageLimits: tightestImageLimits(known.map(({ facts }) => facts)) };
  }
  throw new Fault(
    'invalid',
    `No model is set. Set SWE_MODEL (or --model) to <provider>/<model id>; ${REHEARSAL} needs no account.`,
  );
}

/**
 * The id that a model is asked for by: on Bedrock that of its region's inference profile, which also decides its price.
 */
function askedId(id: string, { awsRegion }: ModelAccess): string {
  if (!id.startsWith(BEDROCK)) return id;
  const { modelId, region } = bedrockModelId(id.slice(BEDROCK.length));
  const profile = inferenceProfileOf(modelId, needed('AWS_REGION', region ?? awsRegion, id));
  return `${BEDROCK}${profile}${region === undefined ? '' : `@${region}`}`;
}

/** The cost of calls of the models that are known. */
export async function readCosts({ catalog: path }: ModelAccess): Promise<CostOf> {
  const catalog = await readCatalog(path);
  return (modelId, usage) => {
    const facts = knownModel(catalog, modelId);
    return facts && costUsd(facts, usage);
  };
}

function knownModel(catalog: readonly ModelFacts[], id: string): ModelFacts | undefined {
  try {
    return findModel(catalog, id);
  } catch (error) {
    if (isFault(error, 'invalid')) return undefined;
    throw error;
  }
}

/** Whatever a server of one's own serves need not be known to anybody else. */
function factsOf(catalog: readonly ModelFacts[], id: string): Facts {
  const isOwn = id.startsWith('openai-compatible/');
  return isOwn ? (knownModel(catalog, id) ?? UNKNOWN_MODEL) : findModel(catalog, id);
}

async function connect(access: ModelAccess, id: string, facts: Facts): Promise<LanguageModel> {
  const { thinking } = facts;
  const provider = id.slice(0, id.indexOf('/'));
  const modelId = id.slice(provider.length + 1);
  const { anthropic, openai, compatibleUrl } = access;
  switch (provider) {
    case 'rehearsal':
      return rehearsalModel(modelId);
    case 'anthropic':
      return openAnthropic({
        ...given(anthropic),
        apiKey: needed('ANTHROPIC_API_KEY', anthropic.apiKey, id),
        modelId,
        thinking,
      });
    case 'openai':
      return openOpenAi({
        ...given(openai),
        apiKey: needed('OPENAI_API_KEY', openai.apiKey, id),
        modelId,
        thinking,
      });
    case 'openai-compatible':
      return openOpenAiCompatible({
        ...given({ apiKey: openai.apiKey }),
        baseUrl: needed('SWE_MODEL_BASE_URL', compatibleUrl, id),
        modelId,
      });
    case 'bedrock': {
      // Not before it is asked for: the SDK is as large as the rest of the program.
      const { openBedrock } = await import('./open-bedrock');
      const { modelId: profile, region = access.awsRegion } = bedrockModelId(modelId);
      return openBedrock(needed('AWS_REGION', region, id), { id, modelId: profile, ...facts });
    }
    default:
      throw new Fault('invalid', `The provider of ${id} cannot be spoken to from here.`);
  }
}

function needed(name: string, value: string | undefined, id: string): string {
  if (value === undefined) throw new Fault('invalid', `${id} needs ${name} to be set.`);
  return value;
}

/** Without what is undefined. */
function given<T extends object>(options: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
