import { describe, expect, it } from '@jest/globals';
import type { LanguageModelV4FinishReason } from '@ai-sdk/provider';
import type { StopReason } from '@swe/domain';
import { fromFinishReason } from './from-finish-reason';

describe('a finish reason', () => {
  it.each<[string, LanguageModelV4FinishReason['unified'], string | undefined, boolean, StopReason]>([
    ["Anthropic's end_turn", 'stop', 'end_turn', false, 'end-turn'],
    ["Anthropic's tool_use", 'tool-calls', 'tool_use', true, 'tool-use'],
    ["Anthropic's max_tokens", 'length', 'max_tokens', false, 'max-tokens'],
    [
      "Anthropic's model_context_window_exceeded",
      'length',
      'model_context_window_exceeded',
      false,
      'context-full',
    ],
    ["Anthropic's refusal", 'content-filter', 'refusal', false, 'refusal'],
    ['none, though the stream ended in order', 'other', undefined, false, 'error'],
    ['a stream cut short', 'interrupted', undefined, true, 'error'],
    ["OpenAI's stop", 'stop', 'stop', false, 'end-turn'],
    ["Responses' end, which has no name", 'stop', undefined, false, 'end-turn'],
    ["OpenAI's length", 'length', 'length', false, 'max-tokens'],
    ["OpenAI's content_filter", 'content-filter', 'content_filter', false, 'refusal'],
    ["Ollama's stop with calls", 'stop', 'stop', true, 'tool-use'],
    ['tool_calls without one', 'tool-calls', 'tool_calls', false, 'end-turn'],
    ['one of its own with calls', 'other', 'eos', true, 'tool-use'],
    ['one of its own', 'other', 'eos', false, 'end-turn'],
    ["DeepSeek's overload", 'other', 'insufficient_system_resource', false, 'error'],
    ["vLLM's abort", 'other', 'abort', true, 'error'],
    ['an error', 'error', undefined, false, 'error'],
  ])('%s', (_name, unified, raw, asksForTools, expected) => {
    expect(fromFinishReason({ unified, raw }, asksForTools)).toBe(expected);
  });
});
