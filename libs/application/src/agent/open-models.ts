import {
  bedrockModelId,
  BUILT_IN_MODELS,
  catalogWith,
  Fault,
  findModel,
  inferenceProfileOf,
  isOwnServers,
  knownModel,
  modelFacts,
  SAFE_IMAGE_LIMITS,
  tightestDocumentLimits,
  tightestImageLimits,
  UNKNOWN_OWN_MODEL,
} from '@swe/domain';
import type { FileLimits, LanguageModel, ModelFacts } from '@swe/domain';
import { z } from 'zod';
import { withinLimits } from './within-limits';
import { withoutRefusedFiles } from './without-refused-files';

/** Models in the order in which they are asked, and the files that all of them take. */
export interface Models extends FileLimits {
  readonly models: readonly [LanguageModel, ...LanguageModel[]];
  /** Another one, by its id, the same each time. Throws `invalid` when it is unknown or can't be connected to. */
  openModel(id: string): Promise<LanguageModel>;
}

/** What has to be known of a model to ask it. */
export type KnownOfModel = Pick<
  ModelFacts,
  | 'contextTokens'
  | 'maxOutputTokens'
  | 'seesImages'
  | 'imageLimits'
  | 'documents'
  | 'thinking'
  | 'cachePoints'
  | 'betas'
>;

/** A model as it is to be connected to. On Bedrock `modelId` may end in `@<region>`. */
export interface AskedModel {
  /** `<provider>/<model id>`. */
  readonly id: string;
  readonly provider: string;
  readonly modelId: string;
  readonly facts: KnownOfModel;
}

export interface OpenModelsOptions {
  readonly catalog: readonly ModelFacts[];
  /** Where Bedrock's models are, unless their name says otherwise. */
  readonly awsRegion: string | undefined;
  /** Throws `invalid` for a provider that can't be spoken to, and for a key or an address that is missing. */
  connect(model: AskedModel): Promise<LanguageModel>;
}

/**
 * A model of one's own server that no catalogue knows. It is not to see pictures: where one can't, the server refuses every later request of that conversation
 * (https://github.com/ggml-org/llama.cpp/issues/13566).
 */
const UNKNOWN_MODEL: KnownOfModel = {
  ...UNKNOWN_OWN_MODEL,
  seesImages: false,
  imageLimits: SAFE_IMAGE_LIMITS,
  thinking: 'none',
};

const BEDROCK = 'bedrock/';

/**
 * The models of a comma-separated list of `<provider>/<model id>`, each within what is known of it; undefined when it
 * names none. Throws `invalid` that says what to set when one is unknown or can't be connected to.
 */
export async function openModels(list: string, options: OpenModelsOptions): Promise<Models | undefined> {
  const { catalog, awsRegion, connect } = options;
  const ask = (written: string): AskedModel => {
    const id = askedId(written, awsRegion);
    const provider = id.slice(0, id.indexOf('/'));
    return { id, provider, modelId: id.slice(provider.length + 1), facts: factsOf(catalog, id) };
  };
  const open = async (model: AskedModel): Promise<LanguageModel> =>
    withinLimits(withoutRefusedFiles(await connect(model)), model.facts);
  const asked = idsIn(list).map(ask);
  const [first, ...others] = await Promise.all(asked.map(open));
  if (first === undefined) return undefined;
  const facts = asked.map((model) => model.facts);
  // A model keeps connections, and what of a conversation its vendor refused.
  const opened = new Map<string, LanguageModel>();
  return {
    models: [first, ...others],
    async openModel(id) {
      const model = opened.get(id) ?? (await open(ask(id)));
      opened.set(id, model);
      return model;
    },
    imageLimits: tightestImageLimits(facts),
    documentLimits: tightestDocumentLimits(facts),
  };
}

/** What a comma-separated list of models names. */
export function idsIn(list: string): readonly string[] {
  return list.split(',').flatMap((id) => id.trim() || []);
}

/** The built-in catalogue with what a file says, if there is one. Throws `invalid` that names the file's path. */
export function readCatalog(
  file: { readonly path: string; readonly text: string } | undefined,
): readonly ModelFacts[] {
  if (file === undefined) return BUILT_IN_MODELS;
  try {
    return catalogWith(z.array(modelFacts).parse(JSON.parse(file.text)));
  } catch (cause) {
    throw notACatalog(file.path, cause);
  }
}

/** Also for a file that can't be read. */
export function notACatalog(path: string, cause: unknown): Fault {
  const reason = Error.isError(cause) ? cause.message : String(cause);
  return new Fault('invalid', `SWE_MODEL_CATALOG: ${path} is not a list of models (${reason}).`, { cause });
}

/** A setting that a model can't be asked without. Throws `invalid` that names it. */
export function needed(name: string, value: string | undefined, id: string): string {
  if (value === undefined) throw new Fault('invalid', `${id} needs ${name} to be set.`);
  return value;
}

/**
 * The id that a model is asked for by: on Bedrock that of its region's inference profile, which also decides its price.
 */
function askedId(id: string, awsRegion: string | undefined): string {
  if (!id.startsWith(BEDROCK)) return id;
  const { modelId, region } = bedrockModelId(id.slice(BEDROCK.length));
  const profile = inferenceProfileOf(modelId, needed('AWS_REGION', region ?? awsRegion, id));
  return `${BEDROCK}${profile}${region === undefined ? '' : `@${region}`}`;
}

/** Whatever a server of one's own serves need not be known to anybody else. */
function factsOf(catalog: readonly ModelFacts[], id: string): KnownOfModel {
  return isOwnServers(id) ? (knownModel(catalog, id) ?? UNKNOWN_MODEL) : findModel(catalog, id);
}
