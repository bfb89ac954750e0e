import { z } from 'zod';
import { nanoUsd } from '../budget/nano-usd';
import { usage } from '../budget/usage';
import { userContent } from '../conversation/content';
import { jsonValue } from '../json';
import { ranCommand, stopReason } from '../session/journal-entry';
import { outcome } from '../session/outcome';
import { traceparent } from './traceparent';

/**
 * What an agent does, for whoever watches it live. A view, never a record: losing one loses nothing, the journal
 * holds the truth. `--json` prints one per line.
 */
export const agentEvent = z.discriminatedUnion('type', [
  /** `traceparent` is that of the oldest message which is still open, if it has one. */
  z.object({
    type: z.literal('session.opened'),
    sessionId: z.string(),
    title: z.string(),
    traceparent: traceparent.exactOptional(),
  }),
  /** `receivedAtMs` is Unix milliseconds, by the ingress' clock; absent where the journal tells it again. */
  z.object({
    type: z.literal('message.admitted'),
    text: z.string(),
    requester: z.string(),
    receivedAtMs: z.int().exactOptional(),
    traceparent: traceparent.exactOptional(),
  }),
  /** `callNumber` is the journal's: calls that failed, and those for summaries, count there too. */
  z.object({
    type: z.literal('step.started'),
    step: z.int().positive(),
    callNumber: z.int().positive(),
    model: z.string(),
  }),
  z.object({ type: z.literal('text.streamed'), text: z.string() }),
  z.object({ type: z.literal('reasoning.streamed'), text: z.string() }),
  z.object({
    type: z.literal('step.finished'),
    step: z.int().positive(),
    stop: stopReason,
    usage: usage.optional(),
    /** What it cost; absent where that is not told. */
    nanoUsd: nanoUsd.optional(),
    durationMs: z.number(),
    failure: z.string().optional(),
  }),
  /** A failed model call is made again after `afterMs`, by `model`. */
  z.object({ type: z.literal('step.delayed'), reason: z.string(), afterMs: z.number(), model: z.string() }),
  /** The conversation had grown to its limit, and was made shorter; a summary stands for what is left out, or none. */
  z.object({
    type: z.literal('context.compacted'),
    bytesBefore: z.number(),
    bytesAfter: z.number(),
    isSummarised: z.boolean(),
  }),
  /** A machine without the session's work got it back; `note` is what the model is told of it. */
  z.object({ type: z.literal('workspace.restored'), note: z.string() }),
  /** No model answers: the session is put down and goes on by itself at `untilMs` (Unix milliseconds). */
  z.object({ type: z.literal('session.parked'), reason: z.string(), untilMs: z.number() }),
  /** What the turn waits for takes long: the session is put down, and looks again at `untilMs` (Unix milliseconds). */
  z.object({ type: z.literal('session.waiting'), reason: z.string(), untilMs: z.number() }),
  z.object({ type: z.literal('tool.started'), callId: z.string(), name: z.string(), input: jsonValue }),
  z.object({
    type: z.literal('tool.finished'),
    callId: z.string(),
    name: z.string(),
    content: z.array(userContent),
    isError: z.boolean(),
    durationMs: z.number(),
    ran: ranCommand.optional(),
    /** The files whose rules came with it. */
    rules: z.array(z.string()).exactOptional(),
  }),
  /** Something that people can see is about to be changed by a tool call. */
  z.object({ type: z.literal('effect.started'), callId: z.string(), effectKey: z.string() }),
  z.object({ type: z.literal('effect.finished'), effectKey: z.string(), isError: z.boolean() }),
  z.object({
    type: z.literal('post.delivered'),
    effectKey: z.string(),
    body: z.string(),
    /** The chat's id of the file that came with it: for a terminal, its path. */
    attachment: z.string().optional(),
  }),
  z.object({ type: z.literal('turn.finished'), outcome }),
]);
export type AgentEvent = z.infer<typeof agentEvent>;

/** Takes live events as they happen. Must not throw and must not block. */
export type AgentObserver = (event: AgentEvent) => void;
