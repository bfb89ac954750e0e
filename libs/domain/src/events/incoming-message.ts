import { z } from 'zod';

/**
 * A file that came with a message. `ref` is what its chat's `fetch` takes, and begins as the chat's destinations do
 * (`slack:<team>/<file>`); the rest is what its sender says of it.
 */
export const messageFile = z.object({
  ref: z.string(),
  name: z.string(),
  mediaType: z.string().exactOptional(),
  bytes: z.int().nonnegative().exactOptional(),
});
export type MessageFile = z.infer<typeof messageFile>;

/** What a message asks for: work in words, or a command that the session's lease holder (else the manager) runs. */
export const messageBody = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    text: z.string(),
    files: z.array(messageFile).readonly().exactOptional(),
  }),
  z.object({ kind: z.literal('command'), command: z.enum(['stop', 'end']) }),
]);
export type MessageBody = z.infer<typeof messageBody>;

/**
 * Why there is a message that nobody said: `checks` failed, or a `program` spoke that may. Absent for a person's, and in
 * those that are older than the field.
 */
export const messageCause = z.enum(['checks', 'program']);
export type MessageCause = z.infer<typeof messageCause>;

/** What a person did to a message after sending it. Without `body` it was deleted. */
export interface MessageEdit {
  /** The edit's own identity at its source: the message and `edited.ts`, or `deleted`. */
  readonly editKey: string;
  readonly messageKey: string;
  readonly body?: MessageBody;
}

/** A message as an ingress hands it to the store, verified and authorised. */
export interface IncomingMessage {
  /** The message's identity at its source (team + channel + ts, comment id, idempotency key), never a delivery's. */
  readonly messageKey: string;
  /** Where it came from; the store resolves it to a session. */
  readonly origin: string;
  readonly requester: string;
  /** Whether it may open a new round when the origin's session has ended. */
  readonly addressed: boolean;
  readonly body: MessageBody;
  readonly cause?: MessageCause;
  /** The message can be marked where it was sent, and is to be: `Chat.react`. */
  readonly showsReactions?: boolean;
  readonly receivedAtMs: number;
  /** The trace that its work goes on; absent where none is kept, and in messages older than the field. */
  readonly traceparent?: string;
}
