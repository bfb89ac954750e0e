import { readFile } from 'node:fs/promises';
import { REHEARSAL_SCRIPTS, rehearsalModel } from '@swe/adapter-local/rehearsal';
import { idsIn, needed, notACatalog, openModels as openModelsOf, readCatalog } from '@swe/application/agent';
import type { AskedModel, Models, SpendingRules } from '@swe/application/agent';
import { bedrockModelId, costUsd, Fault, knownModel, pricesOf, summariserOf, toNanoUsd } from '@swe/domain';
import type { CostOf, LanguageModel, ModelFacts } from '@swe/domain';
import type { AwsCredentials } from './aws-client';

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
  /** Absent: from where the SDK looks for them. */
  readonly awsCredentials?: AwsCredentials | undefined;
}

/** The model that needs no account. */
export const REHEARSAL = `rehearsal/${REHEARSAL_SCRIPTS[0]}`;

/** The models of a list, as `SWE_MODEL` has it. Throws `invalid` that says what to set when it names none. */
export async function openModels(list: string | undefined, access: ModelAccess): Promise<Models> {
  const models = await openModelsOf(list ?? '', {
    catalog: await catalogAt(access.catalog),
    awsRegion: access.awsRegion,
    connect: (model) => connect(access, model),
  });
  if (models !== undefined) return models;
  throw new Fault(
    'invalid',
    `No model is set. Set SWE_MODEL (or --model) to <provider>/<model id>; ${REHEARSAL} needs no account.`,
  );
}

/** The cost of calls of the models that are known. */
export async function readCosts({ catalog: path }: ModelAccess): Promise<CostOf> {
  const catalog = await catalogAt(path);
  return (modelId, usage) => {
    const facts = knownModel(catalog, modelId);
    return facts && costUsd(facts, usage);
  };
}

/** US dollars that may be spent: by a session, and by a month's calls together (`SpendingCaps`). */
export interface Budget {
  readonly budgetUsd: number;
  readonly monthlyUsd: {
    readonly all: number | undefined;
    readonly requester: number | undefined;
    readonly repository: number | undefined;
  };
}

/** What agents go by when they spend: the prices of the models that are known, and what a session may spend. */
export async function readSpending(
  { catalog: path }: ModelAccess,
  { budgetUsd, monthlyUsd }: Budget,
): Promise<SpendingRules> {
  const { all, requester, repository } = monthlyUsd;
  const cap = (usd: number | undefined) => (usd === undefined ? undefined : toNanoUsd(usd));
  const catalog = await catalogAt(path);
  return {
    priceOf: pricesOf(catalog),
    capNanoUsd: toNanoUsd(budgetUsd),
    monthly: { all: cap(all), requester: cap(requester), repository: cap(repository) },
    summariserOf: (modelId) => summariserOf(catalog, modelId),
  };
}

/** What can be chosen where models are reached so. `list` is what is set for all. */
export async function readChoice(list: string | undefined, access: ModelAccess) {
  const { anthropic, openai, compatibleUrl, awsRegion } = access;
  const reached: readonly (readonly [provider: string, by: string | undefined])[] = [
    ['anthropic', anthropic.apiKey],
    ['openai', openai.apiKey],
    ['openai-compatible', compatibleUrl],
    ['bedrock', awsRegion],
  ];
  return {
    catalog: await catalogAt(access.catalog),
    models: idsIn(list ?? ''),
    providers: ['rehearsal', ...reached.flatMap(([provider, by]) => (by === undefined ? [] : [provider]))],
  };
}

async function catalogAt(path: string | undefined): Promise<readonly ModelFacts[]> {
  if (path === undefined) return readCatalog(undefined);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw notACatalog(path, cause);
  });
  return readCatalog({ path, text });
}

/** What speaks to a vendor is loaded when it is asked for: each is as large as the rest of the program. */
async function connect(
  access: ModelAccess,
  { id, provider, modelId, facts }: AskedModel,
): Promise<LanguageModel> {
  const { thinking } = facts;
  const { anthropic, openai, compatibleUrl } = access;
  switch (provider) {
    case 'rehearsal':
      return rehearsalModel(modelId);
    case 'anthropic': {
      const { openAnthropic } = await import('@swe/adapter-ai-sdk/models');
      return openAnthropic({
        ...given(anthropic),
        apiKey: needed('ANTHROPIC_API_KEY', anthropic.apiKey, id),
        modelId,
        thinking,
      });
    }
    case 'openai': {
      const { openOpenAi } = await import('@swe/adapter-ai-sdk/models');
      return openOpenAi({
        ...given(openai),
        apiKey: needed('OPENAI_API_KEY', openai.apiKey, id),
        modelId,
        thinking,
      });
    }
    case 'openai-compatible': {
      const { openOpenAiCompatible } = await import('@swe/adapter-ai-sdk/models');
      return openOpenAiCompatible({
        ...given({ apiKey: openai.apiKey }),
        baseUrl: needed('SWE_MODEL_BASE_URL', compatibleUrl, id),
        modelId,
      });
    }
    case 'bedrock': {
      const { openBedrock } = await import('./bedrock');
      const { modelId: profile, region = access.awsRegion } = bedrockModelId(modelId);
      const { awsCredentials: credentials } = access;
      const reach = { region: needed('AWS_REGION', region, id), credentials };
      return openBedrock(reach, { id, modelId: profile, ...facts });
    }
    default:
      throw new Fault('invalid', `The provider of ${id} cannot be spoken to from here.`);
  }
}

/** Without what is undefined. */
function given<T extends object>(options: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
