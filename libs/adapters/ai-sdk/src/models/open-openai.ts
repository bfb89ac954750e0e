// Not the package's entry: that one reads the environment as it is loaded, and fails there on an empty base URL.
import { OpenAIResponsesLanguageModel } from '@ai-sdk/openai/internal';
import type { ModelFacts } from '@swe/domain';
import { AiSdkLanguageModel } from './ai-sdk-language-model';
import type { Dialect } from './dialect';
import { withoutRedirects } from './without-redirects';

export interface OpenAiOptions {
  readonly apiKey: string;
  readonly modelId: string;
  /** How it thinks; where nobody says so no reasoning is asked for, and none goes back. */
  readonly thinking?: ModelFacts['thinking'] | undefined;
  /** With the version in its path. */
  readonly baseUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const DIALECT = {
  // Commentary that comes back as if it were the answer makes models stop early:
  // https://developers.openai.com/api/docs/guides/prompt-guidance
  keptOfText: ['phase'],
  reasoning: { sealedBy: ['reasoningEncryptedContent'] },
  resultsHoldFiles: true,
  takesPdf: true,
  // Strict schemas allow no optional property, and ours have some:
  // https://platform.openai.com/docs/guides/function-calling#strict-mode
  strictTools: false,
} satisfies Omit<Dialect, 'provider'>;

/** A model of OpenAI's Responses API, the only one of its APIs that gives reasoning back. */
export function openOpenAi({
  apiKey,
  modelId,
  thinking = 'none',
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
  const id = `openai/${modelId}`;
  return new AiSdkLanguageModel(model, {
    id,
    dialect: {
      ...DIALECT,
      // Another model can't decrypt it: https://github.com/openai/codex/issues/17541
      provider: id,
      // Nothing stays with the vendor: reasoning comes encrypted and goes back with every call,
      // https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items
      callOptions: { openai: { store: false, forceReasoning: thinking !== 'none' } },
    },
  });
}
