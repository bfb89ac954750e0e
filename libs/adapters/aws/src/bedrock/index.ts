export { BedrockLanguageModel } from './bedrock-language-model';
export type { BedrockOptions } from './bedrock-language-model';
export type { ThinkingBudget } from './to-model-fields';
