// Not the package's entry: that one reads the environment as it is loaded, and fails there on an empty base URL.
import { AnthropicLanguageModel } from '@ai-sdk/anthropic/internal';
import { AiSdkLanguageModel } from './ai-sdk-language-model';
import type { Dialect } from './dialect';
import { withoutRedirects } from './without-redirects';

export interface AnthropicOptions {
  readonly apiKey: string;
  readonly modelId: string;
  /** Whether the model is to think as it sees fit. */
  readonly thinks?: boolean | undefined;
  /** With the version in its path. */
  readonly baseUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const DIALECT: Dialect = {
  provider: 'anthropic',
  // Fine-grained streaming gives up the check that a tool's input is JSON:
  // https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming
  callOptions: { anthropic: { toolStreaming: false } },
  cacheMark: { anthropic: { cacheControl: { type: 'ephemeral' } } },
  reasoning: { sealedBy: ['signature', 'redactedData'] },
  resultsHoldFiles: true,
  takesPdf: true,
};

/** It decides by itself how much: https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking */
const THINKING: Dialect = {
  ...DIALECT,
  callOptions: { anthropic: { toolStreaming: false, thinking: { type: 'adaptive' } } },
};

/** A model of Anthropic's Messages API. */
export function openAnthropic({
  apiKey,
  modelId,
  thinks = false,
  baseUrl = 'https://api.anthropic.com/v1',
  fetch,
}: AnthropicOptions): AiSdkLanguageModel {
  const model = new AnthropicLanguageModel(modelId, {
    provider: 'anthropic.messages',
    baseURL: baseUrl.replace(/\/+$/, ''),
    headers: { 'anthropic-version': '2023-06-01', 'x-api-key': apiKey },
    fetch: withoutRedirects(fetch),
  });
  const dialect = thinks ? THINKING : DIALECT;
  return new AiSdkLanguageModel(model, { id: `anthropic/${modelId}`, dialect });
}
