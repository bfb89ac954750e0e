import {
  Fault,
  inboxItem,
  journalEntry,
  jsonText,
  modelFacts,
  outboxEntry,
  requestDigest,
  session,
} from '@swe/domain';
import { z } from 'zod';

/** Raised when a field's meaning changes; older cassettes are recorded anew then. */
const CASSETTE_VERSION = 1;

/** What people get to see of a post; when it was made is left to the journal. */
export const recordedPost = outboxEntry.pick({
  effectKey: true,
  class: true,
  body: true,
  attachment: true,
  mention: true,
  onlyFor: true,
  choices: true,
  commands: true,
  reaction: true,
});
export type RecordedPost = z.infer<typeof recordedPost>;

/**
 * A session, recorded so that it can be run again without a model, tools or a network: what came into it from outside,
 * and what it made of that. Of its machines nothing is kept: checkpoints are left out, and entries numbered anew.
 */
export const cassette = z.object({
  cassette: z.literal(CASSETTE_VERSION),
  session: session.pick({
    id: true,
    origin: true,
    round: true,
    requester: true,
    title: true,
    repositories: true,
    baseBranches: true,
    issue: true,
    pullRequests: true,
    capNanoUsd: true,
    createdAtMs: true,
  }),
  /** How its agent was set up where it was recorded. */
  setup: z.object({
    workspaceRoot: z.string(),
    linksPullRequests: z.boolean(),
    capNanoUsd: z.number(),
    /** Limits and prices of the models, by id: a catalogue may say something else by now. */
    models: z.record(
      z.string(),
      modelFacts.pick({ contextTokens: true, maxOutputTokens: true, prices: true, longContext: true }),
    ),
  }),
  /** As each message arrived: without the outcome that the session gave it. */
  inbox: z.array(inboxItem),
  journal: z.array(journalEntry),
  /** What tools had posted, by call. */
  toolPosts: z.record(z.string(), recordedPost),
  /** What the session has to do with all that, beside its journal. */
  expected: z.object({
    requests: z.array(z.object({ callNumber: z.int().positive(), digest: requestDigest })),
    posts: z.array(recordedPost),
    /** The system prompts and tools of the requests, by digest. */
    texts: z.record(z.string(), z.string()),
  }),
});
export type Cassette = z.infer<typeof cassette>;

/** Throws `invalid` for a text that is no cassette of this version. */
export function readCassette(text: string): Cassette {
  const read = jsonText(cassette).safeParse(text);
  if (read.success) return read.data;
  // One of them is enough to see what it is instead.
  const [issue] = read.error.issues;
  const where = issue?.path.join('.') || 'the file';
  throw new Fault(
    'invalid',
    `This is no cassette of version ${CASSETTE_VERSION}: ${where}: ${issue?.message}.`,
    {
      cause: read.error,
    },
  );
}

/** Text of a cassette: a line for each message, entry and expectation, so that its changes can be read. */
export function writeCassette(tape: Cassette): string {
  const lines = (items: readonly unknown[]): string =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
  // Fields in one order, whoever made them.
  const { inbox, journal, expected, ...rest } = cassette.parse(tape);
  const head = JSON.stringify(rest).slice(0, -1);
  const { requests, posts, texts } = expected;
  return `${head},\n"inbox": ${lines(inbox)},\n"journal": ${lines(journal)},\n"expected": {"requests": ${lines(requests)},\n"posts": ${lines(posts)},\n"texts": ${JSON.stringify(texts)}}}\n`;
}
