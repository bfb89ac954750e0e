import { z } from 'zod';

/**
 * What became of a message so far, as a mark on the message itself: stored, being worked on, waiting for the person's
 * answer, answered, or failed.
 */
export const reaction = z.enum(['seen', 'working', 'waiting', 'done', 'failed']);
export type Reaction = z.infer<typeof reaction>;
