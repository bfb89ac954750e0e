import { modelErrors } from './bedrock-refusal';
import type { ConverseMessage, ConverseStreamRequest } from './bedrock-request';
import type { LoopbackRefusal } from './loopback-script';

/** https://platform.claude.com/docs/en/build-with-claude/preserved-thinking */
const BINDING_BETA = 'thinking-binding-controls-2026-08-01';
/**
 * With it the budget is for all thinking of a turn:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html
 */
const INTERLEAVED_BETA = 'interleaved-thinking-2025-05-14';

/** What Claude refuses of how it is asked to think. The last: https://github.com/RooCodeInc/Roo-Code/pull/11238 */
export function checkBedrockThinking(request: ConverseStreamRequest): LoopbackRefusal | undefined {
  const { thinking, anthropic_beta: betas = [] } = request.additionalModelRequestFields ?? {};
  if (
    thinking?.type === 'adaptive' &&
    thinking.block_binding !== undefined &&
    !betas.includes(BINDING_BETA)
  ) {
    return modelErrors('thinking.adaptive.block_binding: Extra inputs are not permitted');
  }
  if (thinking?.type !== 'enabled') return undefined;
  const maxTokens = request.inferenceConfig?.maxTokens ?? 4_096;
  if (thinking.budget_tokens >= maxTokens && !betas.includes(INTERLEAVED_BETA)) {
    return modelErrors('`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
  const last = request.messages.findLast(({ role }) => role === 'assistant');
  return last !== undefined && callsBeforeThinking(last)
    ? modelErrors(
        'messages: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks).',
      )
    : undefined;
}

function callsBeforeThinking({ content }: ConverseMessage): boolean {
  const [first] = content;
  return content.some((block) => 'toolUse' in block) && first !== undefined && !('reasoningContent' in first);
}
