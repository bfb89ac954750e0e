import { z } from 'zod';
import { reaction } from './reaction';

/** A file that goes with a post. Its bytes are in the session's blobs. */
export const outboxAttachment = z.object({ name: z.string(), blobKey: z.string() });
export type OutboxAttachment = z.infer<typeof outboxAttachment>;

/**
 * Something people are to see. Class `message` is delivered once; of class `status` only the latest matters.
 * `body` is Markdown; the chat's adapter turns it into what the vendor shows. `mention`, `onlyFor`, `choices`,
 * `commands` and `activity` are a post's (`ChatPost`).
 */
export const outboxEntry = z.object({
  effectKey: z.string(),
  sessionId: z.string(),
  destination: z.string(),
  class: z.enum(['message', 'status']),
  body: z.string(),
  attachment: outboxAttachment.optional(),
  mention: z.string().exactOptional(),
  onlyFor: z.string().exactOptional(),
  choices: z.array(z.string()).readonly().exactOptional(),
  commands: z.array(z.string()).readonly().exactOptional(),
  activity: z.string().exactOptional(),
  /** Nothing is posted then, `body` is empty: the message of a person gets this reaction. Always a `status`. */
  reaction: z.object({ messageKey: z.string(), reaction }).exactOptional(),
  createdAtMs: z.int(),
});
export type OutboxEntry = z.infer<typeof outboxEntry>;

/** Everything of an entry that can be seen, as one text: two that show the same give the same. */
export function shownBy(entry: OutboxEntry): string {
  const { body, mention, onlyFor, choices, commands, activity, reaction: reacted } = entry;
  const beside = [mention, onlyFor, choices, reacted?.messageKey, reacted?.reaction];
  // Behind the rest, and only where it is: what stored entries give must stay the same.
  if (activity !== undefined) beside.push(activity);
  if (commands !== undefined) beside.push(commands);
  return beside.every((each) => each === undefined) ? body : JSON.stringify([body, ...beside]);
}
