import { bedrockModelId } from '@swe/domain';

/** Who made a model; what an ARN stands for can't be told, so it stands for itself. */
export function vendorOf(modelId: string): string {
  const { baseId } = bedrockModelId(modelId);
  return baseId.startsWith('arn:') ? baseId : baseId.slice(0, Math.max(0, baseId.indexOf('.')));
}
