import type { ConverseStreamCommandInput } from '@aws-sdk/client-bedrock-runtime';
import type { ModelFacts, ModelRequest } from '@swe/domain';
import { CACHE_POINT } from './cache-point';
import { toMessages } from './to-messages';
import { toModelFields } from './to-model-fields';
import type { ModelFieldOptions } from './to-model-fields';
import { toToolConfig } from './to-tool-config';

/** A part of a request that may be cached. */
export type CachePlace = NonNullable<ModelFacts['cachePoints']>[number];

export interface ConverseOptions extends ModelFieldOptions {
  /** An id or an ARN of a model or an inference profile. */
  readonly modelId: string;
  /** Under this name reasoning is kept and given back. */
  readonly provider: string;
  readonly cachePoints: readonly CachePlace[];
}

/** A request in the words of Converse, without the reasoning of the first `unreasoned` messages. */
export function toConverse(
  request: ModelRequest,
  { modelId, provider, cachePoints, ...fieldOptions }: ConverseOptions,
  unreasoned: number,
): ConverseStreamCommandInput {
  const { system, tools, maxOutputTokens } = request;
  const messages = toMessages(request.messages, {
    provider,
    unreasoned,
    marksMessages: cachePoints.includes('messages'),
  });
  const toolConfig = toToolConfig(tools, request.messages, cachePoints.includes('tools'));
  const fields = toModelFields(request, messages, fieldOptions);
  return {
    modelId,
    messages,
    inferenceConfig: { maxTokens: maxOutputTokens },
    ...(system.trim() === ''
      ? {}
      : { system: [{ text: system }, ...(cachePoints.includes('system') ? [CACHE_POINT] : [])] }),
    ...(toolConfig === undefined ? {} : { toolConfig }),
    ...(fields === undefined ? {} : { additionalModelRequestFields: fields }),
  };
}
