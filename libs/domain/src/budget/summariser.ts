import { bedrockModelId } from './bedrock-model-id';
import { knownModel } from './model-catalog';
import type { ModelFacts } from './model-facts';

const BEDROCK = 'bedrock/';

/**
 * The model that sums up conversations with another: the one that the catalogue names, on Bedrock in the same geography
 * and region, else the other itself. A rehearsal has a script and sums up nothing.
 */
export function summariserOf(catalog: readonly ModelFacts[], modelId: string): string | undefined {
  if (modelId.startsWith('rehearsal/')) return undefined;
  const named = knownModel(catalog, modelId)?.summariser;
  if (named === undefined || !modelId.startsWith(BEDROCK) || !named.startsWith(BEDROCK))
    return named ?? modelId;
  const { geography } = bedrockModelId(modelId.slice(BEDROCK.length));
  const at = modelId.lastIndexOf('@');
  const region = at === -1 ? '' : modelId.slice(at);
  const baseId = named.slice(BEDROCK.length);
  return `${BEDROCK}${geography === undefined ? '' : `${geography}.`}${baseId}${region}`;
}
