import { z } from 'zod';
import { usage } from '../budget/usage';
import { glimpse } from '../events/glimpse';
import { jsonValue } from '../json';
import { stopReason } from '../session/journal-entry';
import { sessionStatus } from '../session/session';
import { outcomeResource } from './message-resource';

const head = {
  seq: z.int().positive().meta({ description: 'Of the session’s events, from 1 and without gaps.' }),
  at: z.iso.datetime(),
};

/** Whether what was said to a session, what tools were asked and what they gave comes along. */
export const detail = z.enum(['brief', 'full']);

export const followQuery = z.object({
  detail: z
    .enum([...detail.options, 'live'])
    .default('brief')
    .meta({
      description:
        '`full`: with what tools were asked and what they gave, cut where that is long. `live`: that, and what is under way, where agents run on the server’s own machine.',
    }),
});
export type FollowQuery = z.infer<typeof followQuery>;

/** A tool's call as the model made it; long texts in its input are cut. */
export const callResource = z.object({ callId: z.string(), name: z.string(), input: jsonValue });
export type CallResource = z.infer<typeof callResource>;

/** A text of which the middle is left out where it is long. */
export const cutText = z.object({
  text: z.string(),
  leftOut: z.int().nonnegative().meta({ description: 'How many characters are.' }),
});
export type CutText = z.infer<typeof cutText>;

/**
 * What a session did, for whoever follows it: an entry of its journal, without what models thought and without files.
 * There is one for each entry, so that a gap shows. The members `said`, `calls`, `failure` and `output` come with
 * `detail=full` alone.
 */
export const sessionEvent = z.discriminatedUnion('type', [
  z.object({
    ...head,
    type: z.literal('message.admitted'),
    message: z.int().positive(),
    requester: z.string(),
    said: cutText.optional(),
  }),
  z.object({ ...head, type: z.literal('step.started'), step: z.int().positive(), model: z.string() }),
  z.object({
    ...head,
    type: z.literal('step.finished'),
    step: z.int().positive(),
    stop: stopReason,
    text: z.string().meta({ description: 'What the model said, as Markdown; often nothing.' }),
    usage: usage.optional(),
    durationMs: z.number(),
    costUsd: z.number().nonnegative().optional(),
    failure: z.string().optional(),
    calls: z.array(callResource).optional(),
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
    output: cutText.optional(),
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

/**
 * What is under way, with `detail=live`: the end of an answer that is being written, and of what running commands
 * printed. It has no number and is not told again: an event says all of it once it is done.
 */
export const liveEvent = z.object({ type: z.literal('live'), ...glimpse.shape });
export type LiveEvent = z.infer<typeof liveEvent>;

export const followedEvent = z.discriminatedUnion('type', [sessionEvent, liveEvent]);
export type FollowedEvent = z.infer<typeof followedEvent>;
