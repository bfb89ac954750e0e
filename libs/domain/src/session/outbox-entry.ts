import { z } from 'zod';

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
  createdAtMs: z.int(),
});
export type OutboxEntry = z.infer<typeof outboxEntry>;
