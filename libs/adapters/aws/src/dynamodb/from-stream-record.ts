import { z } from 'zod';
import { isInboxSk, isOutboxSk, isSessionPk, sessionIdOfPk } from './item-key';
import { UNLEASED } from './table';

/** What is read of a record: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html */
export const streamRecord = z.object({
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  dynamodb: z.object({
    SequenceNumber: z.string().min(1),
    Keys: z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.string() }) }),
    NewImage: z.looseObject({ [UNLEASED]: z.object({ BOOL: z.boolean() }).optional() }).optional(),
  }),
});
export type StreamRecord = z.infer<typeof streamRecord>;

/**
 * The session that somebody has to look at because of this record: a message came, or a post that no lease's holder
 * knows of. Undefined for everything else, also where the stream is not filtered.
 */
export function fromStreamRecord({ eventName, dynamodb }: StreamRecord): string | undefined {
  const { Keys, NewImage } = dynamodb;
  const [pk, sk] = [Keys.pk.S, Keys.sk.S];
  if (eventName !== 'INSERT' || !isSessionPk(pk)) return undefined;
  const isUnleased = isOutboxSk(sk) && NewImage?.[UNLEASED]?.BOOL === true;
  return isInboxSk(sk) || isUnleased ? sessionIdOfPk(pk) : undefined;
}
