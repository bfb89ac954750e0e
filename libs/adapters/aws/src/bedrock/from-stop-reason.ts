import type { StopReason } from '@swe/domain';

/**
 * Bedrock's reasons: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_MessageStopEvent.html. Models
 * confuse the end of a turn with a wish for tools: what was asked for decides, also where the reason is one that
 * nobody knows yet.
 */
export function fromStopReason(reason: string | undefined, asksForTools: boolean): StopReason {
  switch (reason) {
    case 'max_tokens':
      return 'max-tokens';
    case 'guardrail_intervened':
    case 'content_filtered':
    case 'refusal':
      return 'refusal';
    case 'model_context_window_exceeded':
      return 'context-full';
    case 'malformed_model_output':
    case 'malformed_tool_use':
      return 'error';
    default:
      return asksForTools ? 'tool-use' : 'end-turn';
  }
}
