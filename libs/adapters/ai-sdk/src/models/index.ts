export { AiSdkLanguageModel } from './ai-sdk-language-model';
export type { AiSdkLanguageModelOptions } from './ai-sdk-language-model';
export type { Dialect } from './dialect';
export { openAnthropic } from './open-anthropic';
export type { AnthropicOptions } from './open-anthropic';
export { openOpenAi } from './open-openai';
export type { OpenAiOptions } from './open-openai';
export { openOpenAiCompatible } from './open-openai-compatible';
export type { OpenAiCompatibleOptions } from './open-openai-compatible';
