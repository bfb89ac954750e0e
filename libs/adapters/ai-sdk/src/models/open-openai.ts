// Not the package's entry: that one reads the environment as it is loaded, and fails there on an empty base URL.
import { OpenAIResponsesLanguageModel } from '@ai-sdk/openai/internal';
import { AiSdkLanguageModel } from './ai-sdk-language-model';
import type { Dialect } from './dialect';
import { withoutRedirects } from './without-redirects';

export interface OpenAiOptions {
  readonly apiKey: string;
  readonly modelId: string;
  /** With the version in its path. */
  readonly baseUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const DIALECT: Dialect = {
  provider: 'openai',
  // Nothing stays with the vendor, so reasoning comes back encrypted and is given back with every call.
  callOptions: { openai: { store: false } },
  reasoning: { sealedBy: ['reasoningEncryptedContent'] },
  resultsHoldFiles: true,
  takesPdf: true,
  // Strict schemas allow no optional property, and ours have some:
  // https://platform.openai.com/docs/guides/function-calling#strict-mode
  strictTools: false,
};

/** A model of OpenAI's Responses API, the only one of its APIs that gives reasoning back. */
export function openOpenAi({
  apiKey,
  modelId,
  baseUrl = 'https://api.openai.com/v1',
  fetch,
}: OpenAiOptions): AiSdkLanguageModel {
  const root = baseUrl.replace(/\/+$/, '');
  const model = new OpenAIResponsesLanguageModel(modelId, {
    provider: 'openai.responses',
    url: ({ path }) => `${root}${path}`,
    headers: () => ({ authorization: `Bearer ${apiKey}` }),
    fetch: withoutRedirects(fetch),
  });
  return new AiSdkLanguageModel(model, { id: `openai/${modelId}`, dialect: DIALECT });
}
