/** Where a cross-Region inference profile may send a request; a profile's id begins with it. */
export const BEDROCK_GEOGRAPHIES = ['us', 'us-gov', 'eu', 'apac', 'jp', 'au', 'global'] as const;
export type BedrockGeography = (typeof BEDROCK_GEOGRAPHIES)[number];

/** A model on Amazon Bedrock, as a person names it: `[<geography>.]<base id>[@<region>]`, or an ARN. */
export interface BedrockModelId {
  readonly geography: BedrockGeography | undefined;
  readonly baseId: string;
  /** What Bedrock is asked for: all but the region. */
  readonly modelId: string;
  readonly region: string | undefined;
}

export function bedrockModelId(written: string): BedrockModelId {
  const at = written.lastIndexOf('@');
  const modelId = at === -1 ? written : written.slice(0, at);
  const geography = BEDROCK_GEOGRAPHIES.find((each) => modelId.startsWith(`${each}.`));
  const baseId = geography === undefined ? modelId : modelId.slice(geography.length + 1);
  return { geography, baseId, modelId, region: at === -1 ? regionOfArn(modelId) : written.slice(at + 1) };
}

/**
 * The id that a model is asked for by from a region. Claude is served through inference profiles only, so without a
 * geography it gets that of the region, or the whole world where its vendor has no profile for that; ids with a
 * geography, ARNs and other vendors' models stay as they are.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
export function inferenceProfileOf(modelId: string, region: string): string {
  const { geography, baseId } = bedrockModelId(modelId);
  if (geography !== undefined || !baseId.startsWith('anthropic.')) return modelId;
  return `${geographyOf(region, baseId)}.${baseId}`;
}

/**
 * Which models have a profile for all of Asia and the Pacific, and which of them none for Japan or Australia:
 * https://platform.claude.com/docs/en/build-with-claude/claude-on-amazon-bedrock
 */
const IN_APAC = /^anthropic\.claude-(3-7-sonnet|sonnet-4-2025|opus-4-6-)/;
const NOT_IN_A_COUNTRY = /^anthropic\.claude-(3-7-sonnet|sonnet-4-2025)/;

function geographyOf(region: string, baseId: string): BedrockGeography {
  const isInCountries = !NOT_IN_A_COUNTRY.test(baseId);
  if (/^us-gov-/.test(region)) return 'us-gov';
  if (/^(us|ca)-/.test(region)) return 'us';
  if (/^eu-/.test(region)) return 'eu';
  if (/^ap-northeast-[13]$/.test(region) && isInCountries) return 'jp';
  if (/^ap-southeast-[246]$/.test(region) && isInCountries) return 'au';
  if (/^ap-/.test(region) && IN_APAC.test(baseId)) return 'apac';
  return 'global';
}

function regionOfArn(modelId: string): string | undefined {
  return /^arn:[^:]+:bedrock:([a-z0-9-]+):/.exec(modelId)?.[1];
}
