import { z } from 'zod';

export const newMessageRequest = z.strictObject({ text: z.string().regex(/\S/).max(100_000) });
export type NewMessageRequest = z.infer<typeof newMessageRequest>;

/** How a message ended, with the words that its sender gets to see. */
export const outcomeResource = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answered'),
    text: z.string().meta({ description: 'Markdown.' }),
    asksBack: z
      .boolean()
      .meta({ description: 'The answer is a question, and the work waits for a message.' }),
  }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
  z.object({ kind: z.literal('command-result'), text: z.string() }),
  z.object({ kind: z.literal('stopped') }),
  z.object({ kind: z.literal('cancelled') }),
  z.object({ kind: z.literal('failed'), cause: z.string() }),
]);
export type OutcomeResource = z.infer<typeof outcomeResource>;

/** What was said to a session. */
export const messageResource = z.object({
  number: z.int().positive().meta({ description: 'Its place among the session’s messages, from 1.' }),
  requester: z.string(),
  text: z.string().optional().meta({ description: 'Absent for a command.' }),
  command: z.enum(['stop', 'end']).optional(),
  receivedAt: z.iso.datetime(),
  outcome: outcomeResource.optional().meta({ description: 'Absent while it is open.' }),
});
export type MessageResource = z.infer<typeof messageResource>;

export const messagePage = z.object({
  items: z.array(messageResource),
  next: z.int().optional().meta({ description: '`after` of the next page; absent on the last one.' }),
});
export type MessagePage = z.infer<typeof messagePage>;

export const messageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .meta({ description: 'The number of the last message that is known.' }),
});
export type MessageQuery = z.infer<typeof messageQuery>;
