import { TypeValidationError } from '@ai-sdk/provider';
import { z } from 'zod';

const KNOWN = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'error',
]);
const event = z.object({ type: z.string() });

/**
 * True for an event of a type that the SDK doesn't know yet. Anthropic adds types and asks clients to pass over them
 * (https://platform.claude.com/docs/en/build-with-claude/streaming#other-events); the SDK reports them as errors.
 */
export function isUnknownEvent(error: unknown): boolean {
  if (!TypeValidationError.isInstance(error)) return false;
  const { data } = event.safeParse(error.value);
  return data !== undefined && !KNOWN.has(data.type);
}
