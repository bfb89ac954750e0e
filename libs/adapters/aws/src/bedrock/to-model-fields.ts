import type { JsonObject, ModelFacts, ModelRequest } from '@swe/domain';
import type { Message } from '@aws-sdk/client-bedrock-runtime';

/** Tokens that a model with a budget may think for in one call, by the effort that it is asked for. */
export type ThinkingBudget = Readonly<Record<NonNullable<ModelRequest['effort']>, number>>;

export interface ModelFieldOptions {
  readonly thinking: ModelFacts['thinking'];
  readonly budget: ThinkingBudget;
  /** Names of the vendor's trial features: longer contexts, thinking between tool calls. */
  readonly betas: readonly string[];
}

/**
 * With this trial feature thinking behind other bytes than those it came after is dropped, where it would be refused:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-thinking-block-binding.html. Only where the
 * catalogue asks for it: a feature that a model on Bedrock does not know yet makes it refuse every call
 * (https://github.com/anthropics/claude-code/issues/49648), a refused thought costs one try.
 */
const BINDING_BETA = 'thinking-binding-controls-2026-08-01';
const BINDING = { block_binding: { prefix_mismatch_behavior: 'drop_block' } };

/**
 * It decides by itself how much:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html. What it thought is empty
 * unless a summary is asked for: https://github.com/theopenco/llmgateway/pull/2593
 */
const ADAPTIVE = { type: 'adaptive', display: 'summarized' };

/** https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html */
const LEAST_BUDGET = 1_024;
/** Of an answer's tokens, for thinking: the rest is for what it says. */
const SHARE_OF_THINKING = 0.5;

/**
 * What Converse has no field for and Anthropic's models do, as `additionalModelRequestFields`. Undefined when that is
 * nothing.
 */
export function toModelFields(
  { effort = 'usual', maxOutputTokens }: Pick<ModelRequest, 'effort' | 'maxOutputTokens'>,
  messages: readonly Message[],
  { thinking, budget, betas }: ModelFieldOptions,
): JsonObject | undefined {
  const fields = {
    ...(betas.length === 0 ? {} : { anthropic_beta: [...betas] }),
    ...thinkingFields(),
  };
  return Object.keys(fields).length === 0 ? undefined : fields;

  function thinkingFields(): JsonObject {
    // A word about effort in some requests only: it breaks the cache between them.
    const most = effort === 'highest' ? { output_config: { effort: 'max' } } : {};
    switch (thinking) {
      case 'none':
        return {};
      case 'kept':
        return { thinking: ADAPTIVE, ...most };
      case 'bound':
        return { thinking: betas.includes(BINDING_BETA) ? { ...ADAPTIVE, ...BINDING } : ADAPTIVE, ...most };
      case 'budgeted': {
        const tokens = Math.min(budget[effort], Math.floor(maxOutputTokens * SHARE_OF_THINKING));
        const mayThink = tokens >= LEAST_BUDGET && !callsWithoutThinking(messages);
        return mayThink ? { thinking: { type: 'enabled', budget_tokens: tokens } } : {};
      }
    }
  }
}

/**
 * True when the last answer called tools and lost, or never had, the thinking before that: asked to think then, models
 * with a budget refuse (https://github.com/RooCodeInc/Roo-Code/pull/11238).
 */
function callsWithoutThinking(messages: readonly Message[]): boolean {
  const content = messages.findLast(({ role }) => role === 'assistant')?.content ?? [];
  const [first] = content;
  return content.some(({ toolUse }) => toolUse !== undefined) && first?.reasoningContent === undefined;
}
