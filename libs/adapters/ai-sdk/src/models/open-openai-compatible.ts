import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { AiSdkLanguageModel } from './ai-sdk-language-model';
import { withTextArguments } from './with-text-arguments';
import { withoutRedirects } from './without-redirects';

export interface OpenAiCompatibleOptions {
  /** With the version in its path, such as `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  readonly modelId: string;
  /** None is sent when absent: most servers on one's own machine want none. */
  readonly apiKey?: string | undefined;
  /** Gives `reasoning_content` back. Some servers need it, others refuse it; most ignore it. */
  readonly givesReasoningBack?: boolean | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const PROVIDER = 'openai-compatible';

/** A model behind any server that speaks OpenAI's Chat Completions API: Ollama, vLLM, llama.cpp, hosted ones. */
export function openOpenAiCompatible({
  baseUrl,
  modelId,
  apiKey,
  givesReasoningBack = false,
  fetch,
}: OpenAiCompatibleOptions): AiSdkLanguageModel {
  const provider = createOpenAICompatible({
    name: PROVIDER,
    baseURL: baseUrl,
    includeUsage: true,
    fetch: withTextArguments(withoutRedirects(fetch)),
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  return new AiSdkLanguageModel(provider.chatModel(modelId), {
    id: `${PROVIDER}/${modelId}`,
    dialect: {
      provider: PROVIDER,
      reasoning: givesReasoningBack ? 'plain' : 'dropped',
      // The API's tool messages hold text only: https://platform.openai.com/docs/api-reference/chat/create
      resultsHoldFiles: false,
      takesPdf: false,
    },
  });
}
