import { readFile } from 'node:fs/promises';
import { openAnthropic, openOpenAi, openOpenAiCompatible } from '@swe/adapter-ai-sdk/models';
import { REHEARSAL_SCRIPTS, rehearsalModel } from '@swe/adapter-local/rehearsal';
import type { CostOf } from '@swe/adapter-local/terminal';
import { BUILT_IN_MODELS, catalogWith, costUsd, Fault, isFault, findModel, modelFacts } from '@swe/domain';
import type { LanguageModel, ModelFacts } from '@swe/domain';
import { withinLimits } from '@swe/application/agent';
import { z } from 'zod';

export type Models = readonly [LanguageModel, ...LanguageModel[]];

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
}

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
 * The models of a comma-separated list of `<provider>/<model id>`, in the order in which they are asked. Throws
 * `invalid` that says what to set when there is none, one is unknown, or its key or address is missing.
 */
export async function openModels(list: string | undefined, access: ModelAccess): Promise<Models> {
  const catalog = await readCatalog(access.catalog);
  const ids = (list ?? '').split(',').flatMap((id) => id.trim() || []);
  const [first, ...others] = ids.map((id) => modelOf(access, catalog, id));
  if (first !== undefined) return [first, ...others];
  throw new Fault(
    'invalid',
    `No model is set. Set SWE_MODEL (or --model) to <provider>/<model id>; ${REHEARSAL} needs no account.`,
  );
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

/** Within what is known of it. Whatever a server of one's own serves need not be known to anybody else. */
function modelOf(access: ModelAccess, catalog: readonly ModelFacts[], id: string): LanguageModel {
  const isOwn = id.startsWith('openai-compatible/');
  const facts = isOwn ? knownModel(catalog, id) : findModel(catalog, id);
  const model = connect(access, id, facts);
  return facts === undefined ? model : withinLimits(model, facts);
}

function connect(access: ModelAccess, id: string, facts: ModelFacts | undefined): LanguageModel {
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
        thinks: facts?.thinksWhenAsked,
      });
    case 'openai':
      return openOpenAi({ ...given(openai), apiKey: needed('OPENAI_API_KEY', openai.apiKey, id), modelId });
    case 'openai-compatible':
      return openOpenAiCompatible({
        ...given({ apiKey: openai.apiKey }),
        baseUrl: needed('SWE_MODEL_BASE_URL', compatibleUrl, id),
        modelId,
      });
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
