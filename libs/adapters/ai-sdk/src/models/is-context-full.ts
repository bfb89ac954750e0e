import type { VendorError } from './vendor-error';

const NAMES = new Set([
  /** https://platform.openai.com/docs/guides/error-codes, and servers that follow it. */
  'context_length_exceeded',
  /** llama.cpp: https://github.com/ggml-org/llama.cpp/pull/15780 */
  'exceed_context_size_error',
  /** Anthropic, by bytes: https://platform.claude.com/docs/en/api/errors */
  'request_too_large',
]);

/**
 * Anthropic, vLLM and DeepSeek give no name to it but their word for any bad request. This is the one place where a
 * message decides: taken for `invalid`, it would end a session that a compaction can save.
 *
 * - `prompt is too long: 103078 tokens > 102398 maximum`: https://portkey.ai/error-library/input-length-error-10153
 * - ``input length and `max_tokens` exceed context limit``: https://github.com/anthropics/claude-code/issues/228
 * - `This model's maximum context length is 131072 tokens`: https://github.com/vllm-project/vllm/issues/20409,
 *   https://github.com/evalstate/fast-agent/issues/621
 */
const MESSAGES = [/^prompt is too long\b/i, /\bexceed context limit\b/i, /\bmaximum context length is\b/i];

/** True when what was sent, or it and the room for the answer, is more than the model takes. */
export function isContextFull({ status, names, message }: VendorError): boolean {
  if (status === 413 || names.some((name) => NAMES.has(name))) return true;
  return status === 400 && MESSAGES.some((words) => words.test(message));
}
