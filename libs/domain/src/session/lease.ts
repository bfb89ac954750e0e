import { z } from 'zod';

/**
 * The right to write a session's journal. `fence` only grows: it changes with each holder, and an append with an
 * older one is refused. `revision` changes with each heartbeat.
 */
export const lease = z.object({
  sessionId: z.string(),
  holder: z.string(),
  fence: z.int().positive(),
  revision: z.int().positive(),
});
export type Lease = z.infer<typeof lease>;
