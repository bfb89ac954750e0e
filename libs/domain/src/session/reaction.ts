import { z } from 'zod';
import type { Outcome } from './outcome';

/**
 * What became of a message so far, as a mark on the message itself: stored, being worked on, waiting for the person,
 * answered, or failed.
 */
export const reaction = z.enum(['seen', 'working', 'waiting', 'done', 'failed']);
export type Reaction = z.infer<typeof reaction>;

/** Undefined for a message that its sender has deleted: nothing is there to be marked. */
export function reactionTo(outcome: Outcome): Reaction | undefined {
  switch (outcome.kind) {
    case 'answered':
      return outcome.asksBack === true ? 'waiting' : 'done';
    case 'command-result':
      return 'done';
    case 'stopped':
      return 'waiting';
    case 'refused':
    case 'failed':
      return 'failed';
    case 'cancelled':
      return undefined;
  }
}
