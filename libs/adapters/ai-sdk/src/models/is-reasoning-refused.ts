import type { VendorError } from './vendor-error';

/** OpenAI, after a change of account, key or deployment: https://github.com/openai/codex/issues/17541 */
const NAME = 'invalid_encrypted_content';
/** Anthropic has no name for it: https://platform.claude.com/docs/en/build-with-claude/preserved-thinking */
const MESSAGE = /\bInvalid `signature` in `thinking` block\b/;

/** True when the vendor doesn't take back reasoning that is in the request, whatever its reason. */
export function isReasoningRefused({ status, names, message }: VendorError): boolean {
  return names.includes(NAME) || (status === 400 && MESSAGE.test(message));
}
