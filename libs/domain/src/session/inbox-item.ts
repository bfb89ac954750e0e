import { z } from 'zod';
import { messageBody, messageCause } from '../events/incoming-message';
import type { IncomingMessage } from '../events/incoming-message';
import { traceparent } from '../events/traceparent';
import { outcome } from './outcome';

/** An accepted message with its number in the session's inbox. `seq` starts at 1 and has no gaps. */
export const inboxItem = z.object({
  seq: z.int().positive(),
  /** Counts edits; admission is conditional on it, so an edit is never half seen. */
  revision: z.int().nonnegative(),
  messageKey: z.string(),
  requester: z.string(),
  body: messageBody,
  cause: messageCause.exactOptional(),
  showsReactions: z.boolean().exactOptional(),
  receivedAtMs: z.int(),
  traceparent: traceparent.exactOptional(),
  outcome: outcome.optional(),
});
export type InboxItem = z.infer<typeof inboxItem>;

/** `message` as it comes into an inbox. */
export function inboxItemOf(message: IncomingMessage, seq: number): InboxItem {
  const { messageKey, requester, body, cause, showsReactions, receivedAtMs, traceparent: trace } = message;
  return {
    seq,
    revision: 0,
    messageKey,
    requester,
    body,
    ...(cause !== undefined && { cause }),
    ...(showsReactions !== undefined && { showsReactions }),
    receivedAtMs,
    ...(trace !== undefined && { traceparent: trace }),
  };
}
