import { refusalOf } from './vendor-refusal';

/**
 * There is no name for it either.
 *
 * - ``Invalid `signature` in `thinking` block``: https://github.com/openclaw/openclaw/issues/109881
 * - `thinking.signature: Field required`: https://github.com/egoist/chatwise-releases/issues/1399
 * - `User messages cannot contain reasoning content` (Nova): https://github.com/can1357/oh-my-pi/pull/9086
 */
const MESSAGES = [
  /\bInvalid `signature` in `thinking` block/,
  /\bthinking\.signature: Field required/,
  /\bcannot contain reasoning content\b/,
];

/** True when the vendor doesn't take back reasoning that is in the request, whatever its reason. */
export function isReasoningRefused(error: unknown): boolean {
  const message = refusalOf(error);
  return message !== undefined && MESSAGES.some((words) => words.test(message));
}
