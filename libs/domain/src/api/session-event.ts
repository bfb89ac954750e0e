import { z } from 'zod';
import { usage } from '../budget/usage';
import { stopReason } from '../session/journal-entry';
import { sessionStatus } from '../session/session';
import { outcomeResource } from './message-resource';

const head = {
  seq: z.int().positive().meta({ description: 'Of the session’s events, from 1 and without gaps.' }),
  at: z.iso.datetime(),
};

/**
 * What a session did, for whoever follows it: an entry of its journal, without what tools gave and models thought, and
 * without files. There is one for each entry, so that a gap shows.
 */
export const sessionEvent = z.discriminatedUnion('type', [
  z.object({
    ...head,
    type: z.literal('message.admitted'),
    message: z.int().positive(),
    requester: z.string(),
  }),
  z.object({ ...head, type: z.literal('step.started'), step: z.int().positive(), model: z.string() }),
  z.object({
    ...head,
    type: z.literal('step.finished'),
    step: z.int().positive(),
    stop: stopReason,
    text: z.string().meta({ description: 'What the model said, as Markdown; often nothing.' }),
    usage: usage.optional(),
  }),
  z.object({ ...head, type: z.literal('tool.started'), callId: z.string(), name: z.string() }),
  z.object({
    ...head,
    type: z.literal('tool.finished'),
    callId: z.string(),
    name: z.string(),
    isError: z.boolean(),
    durationMs: z.number(),
    command: z.string().optional().meta({ description: 'What a shell ran, cut when it is long.' }),
    exitCode: z.int().nullable().optional(),
  }),
  z.object({ ...head, type: z.literal('effect.intended'), what: z.string() }),
  z.object({ ...head, type: z.literal('effect.done') }),
  z.object({
    ...head,
    type: z.literal('harness.noted'),
    cause: z.enum(['going-round', 'asked-about-round', 'empty-answer']),
  }),
  z.object({ ...head, type: z.literal('agent.briefed') }),
  z.object({ ...head, type: z.literal('context.compacted') }),
  z.object({ ...head, type: z.literal('checkpoint.saved') }),
  z.object({ ...head, type: z.literal('checkpoint.restored') }),
  z.object({ ...head, type: z.literal('session.waiting'), until: z.iso.datetime(), reason: z.string() }),
  z.object({
    ...head,
    type: z.literal('status.changed'),
    from: sessionStatus,
    to: sessionStatus,
    outcome: outcomeResource
      .optional()
      .meta({ description: 'Of the messages that were open, when their turn ended.' }),
  }),
]);
export type SessionEvent = z.infer<typeof sessionEvent>;
