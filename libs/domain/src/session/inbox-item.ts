import { z } from 'zod';
import { messageBody } from '../events/incoming-message';
import { outcome } from './outcome';

/** An accepted message with its number in the session's inbox. `seq` starts at 1 and has no gaps. */
export const inboxItem = z.object({
  seq: z.int().positive(),
  /** Counts edits; admission is conditional on it, so an edit is never half seen. */
  revision: z.int().nonnegative(),
  messageKey: z.string(),
  requester: z.string(),
  body: messageBody,
  receivedAtMs: z.int(),
  outcome: outcome.optional(),
});
export type InboxItem = z.infer<typeof inboxItem>;
