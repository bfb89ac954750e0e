// Not the package's entry: that one reads the environment as it is loaded, and fails there on an empty base URL.
import { AnthropicLanguageModel } from '@ai-sdk/anthropic/internal';
import type { SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { ModelFacts } from '@swe/domain';
import { AiSdkLanguageModel } from './ai-sdk-language-model';
import type { Dialect } from './dialect';
import { withoutRedirects } from './without-redirects';

export interface AnthropicOptions {
  readonly apiKey: string;
  readonly modelId: string;
  /** How it thinks; where nobody says so it isn't asked to. */
  readonly thinking?: ModelFacts['thinking'] | undefined;
  /** With the version in its path. */
  readonly baseUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const DIALECT = {
  provider: 'anthropic',
  // Fine-grained streaming gives up the check that a tool's input is JSON:
  // https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming
  callOptions: { anthropic: { toolStreaming: false } },
  cacheMark: { anthropic: { cacheControl: { type: 'ephemeral' } } },
  reasoning: { sealedBy: ['signature', 'redactedData'] },
  resultsHoldFiles: true,
  takesPdf: true,
} satisfies Dialect;

/**
 * It decides by itself how much: https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking. What it says
 * between tool calls comes as thinking too, and is empty unless a summary is asked for:
 * https://platform.claude.com/docs/en/models/opus-5-5/whats-new-opus-5-5
 */
const ADAPTIVE = { type: 'adaptive', display: 'summarized' };

/**
 * Thinking behind other bytes than those it came after (the tools of a newer version, a compacted conversation) is
 * dropped by the vendor, where it would refuse the request and every later one:
 * https://platform.claude.com/docs/en/build-with-claude/preserved-thinking
 */
const FORGIVING = { blockBinding: { prefixMismatchBehavior: 'drop_block' } };

const THINKING: Readonly<Record<ModelFacts['thinking'], SharedV4ProviderOptions[string]>> = {
  none: {},
  kept: { thinking: ADAPTIVE },
  bound: { thinking: { ...ADAPTIVE, ...FORGIVING } },
  // The built-in catalogue has such models on Bedrock only: here they are not asked.
  budgeted: {},
};

/** A model of Anthropic's Messages API. */
export function openAnthropic({
  apiKey,
  modelId,
  thinking = 'none',
  baseUrl = 'https://api.anthropic.com/v1',
  fetch,
}: AnthropicOptions): AiSdkLanguageModel {
  const model = new AnthropicLanguageModel(modelId, {
    provider: 'anthropic.messages',
    baseURL: baseUrl.replace(/\/+$/, ''),
    headers: { 'anthropic-version': '2023-06-01', 'x-api-key': apiKey },
    fetch: withoutRedirects(fetch),
  });
  const callOptions = { anthropic: { ...DIALECT.callOptions.anthropic, ...THINKING[thinking] } };
  const dialect = { ...DIALECT, callOptions };
  return new AiSdkLanguageModel(model, { id: `anthropic/${modelId}`, dialect });
}
