import type { LanguageModelV4FinishReason } from '@ai-sdk/provider';
import type { StopReason } from '@swe/domain';

/** https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons */
const CONTEXT_FULL = 'model_context_window_exceeded';

/** Finish reasons of OpenAI-compatible servers that broke off: https://api-docs.deepseek.com/api/create-chat-completion (the last), vLLM, OpenRouter. */
const BROKEN_OFF = new Set(['abort', 'error', 'insufficient_system_resource']);

/**
 * Servers confuse the end of a turn with a wish for tools, and some have reasons of their own: what was asked for
 * decides. No reason at all means that the stream broke off.
 */
export function fromFinishReason(
  { unified, raw }: LanguageModelV4FinishReason,
  asksForTools: boolean,
): StopReason {
  if (raw === CONTEXT_FULL) return 'context-full';
  switch (unified) {
    case 'length':
      return 'max-tokens';
    case 'content-filter':
      return 'refusal';
    case 'error':
    case 'interrupted':
      return 'error';
    case 'other':
      if (raw === undefined || BROKEN_OFF.has(raw)) return 'error';
      return asksForTools ? 'tool-use' : 'end-turn';
    case 'stop':
    case 'tool-calls':
      return asksForTools ? 'tool-use' : 'end-turn';
  }
}
