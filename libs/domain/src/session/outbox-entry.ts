import { z } from 'zod';

/** A file that goes with a post. Its bytes are in the session's blobs. */
export const outboxAttachment = z.object({ name: z.string(), blobKey: z.string() });
export type OutboxAttachment = z.infer<typeof outboxAttachment>;

/**
 * Something people are to see. Class `message` is delivered once; of class `status` only the latest matters.
 * `body` is Markdown; the chat's adapter turns it into what the vendor shows.
 */
export const outboxEntry = z.object({
  effectKey: z.string(),
  sessionId: z.string(),
  destination: z.string(),
  class: z.enum(['message', 'status']),
  body: z.string(),
  attachment: outboxAttachment.optional(),
  createdAtMs: z.int(),
});
export type OutboxEntry = z.infer<typeof outboxEntry>;
