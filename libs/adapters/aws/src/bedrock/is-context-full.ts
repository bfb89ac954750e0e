import { refusalOf, statusOf } from './vendor-refusal';

/**
 * Bedrock has no name for it but its word for any bad request. Here and in
 * `is-reasoning-refused.ts` a message decides: taken for `invalid`, it would end a session that a compaction can save.
 *
 * - `Input is too long for requested model`: https://github.com/aws-samples/bedrock-chat/issues/95; also for too many
 *   bytes,
 *   https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/issues/994
 * - `prompt is too long: 200049 tokens > 200000 maximum`: https://github.com/daisuke-awaji/moca/issues/254
 * - ``input length and `max_tokens` exceed context limit``: https://github.com/anthropics/claude-code/issues/228
 */
const MESSAGES = [/\bInput is too long\b/i, /\bprompt is too long\b/i, /\bexceed context limit\b/i];

/** True when what was sent, or it and the room for the answer, is more than the model takes. */
export function isContextFull(error: unknown): boolean {
  const message = refusalOf(error);
  return statusOf(error) === 413 || (message !== undefined && MESSAGES.some((words) => words.test(message)));
}
