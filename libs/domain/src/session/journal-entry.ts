import { z } from 'zod';
import { bill } from '../budget/bill';
import { usage } from '../budget/usage';
import { assistantContent, text, userContent } from '../conversation/content';
import type { UserContent } from '../conversation/content';
import { messageCause } from '../events/incoming-message';
import { jsonValue } from '../json';
import { briefing } from '../knowledge/briefing';
import { unpushedWork } from '../verification/unpushed-work';
import { keptFile } from './kept-file';
import { outcome } from './outcome';
import { sessionStatus } from './session';

/**
 * Raised when an entry's meaning changes; a reader refuses entries above its own version instead of guessing.
 *
 * 2: a model call may be for a summary and no part of the conversation; compactions keep messages; results get shorter.
 */
export const JOURNAL_VERSION = 2;

/** Why a model call ended. */
export const stopReason = z.enum([
  'end-turn',
  'tool-use',
  'max-tokens',
  'refusal',
  'context-full',
  'error',
  'cancelled',
]);
export type StopReason = z.infer<typeof stopReason>;

/** A command that was run, for the record of what was really done: never what the model says it did. */
export const ranCommand = z.object({
  command: z.string(),
  cwd: z.string(),
  exitCode: z.int().nullable(),
  /** The working copy that its checks ran in; absent for what is no check, and in entries older than the field. */
  workingCopy: z.string().exactOptional(),
  /**
   * Git's hash of that working copy's content, what is ignored left out: as it was before the command and after it.
   * Absent where its checks may have run on anything else.
   */
  tree: z.string().exactOptional(),
});
export type RanCommand = z.infer<typeof ranCommand>;

/** A rule file of a repository as the model reads it: once per session, and again once it changed. `path` is the workspace's. */
export const loadedRule = z.object({
  path: z.string(),
  /** Blank where there is nothing to read: it is there in other words already, or is empty. */
  text: z.string(),
  /**
   * Git's hash of the file on its base branch, by which it is seen that it changed since; blank once it is gone there.
   * Absent for what is not looked at again, and in entries older than the field.
   */
  blob: z.string().exactOptional(),
});
export type LoadedRule = z.infer<typeof loadedRule>;

/** A working copy in a checkpoint: where its snapshot is, and what it lacks. */
export const savedWorkingCopy = z.object({
  directory: z.string(),
  /** The remote that its base is fetched from, without credentials. */
  source: z.string().optional(),
  blobKey: z.string(),
  fingerprint: z.string(),
  /** After which entry it was taken: older than the checkpoint when nothing changed since. */
  takenAtSeq: z.int().nonnegative(),
  leftOut: z.array(z.object({ path: z.string(), why: z.enum(['credential', 'too-large', 'unsupported']) })),
  unsteady: z.array(z.string()),
});
export type SavedWorkingCopy = z.infer<typeof savedWorkingCopy>;

const at = { atMs: z.int() };

/** Of a model call that is no step of the conversation: it sums up a part of it that goes. */
const purpose = z.literal('summary').exactOptional();

export const shortenedResult = z.object({ callId: z.string(), content: z.array(userContent) });
export type ShortenedResult = z.infer<typeof shortenedResult>;

const newEntry = z.discriminatedUnion('kind', [
  z.object({
    ...at,
    kind: z.literal('message-admitted'),
    inboxSeq: z.int().positive(),
    requester: z.string(),
    cause: messageCause.exactOptional(),
    content: z.array(userContent),
    files: z.array(keptFile).optional(),
  }),
  z.object({
    ...at,
    kind: z.literal('model-call-started'),
    callNumber: z.int().positive(),
    model: z.string(),
    /** The most that system prompt and tools may be, by which it is seen that they changed. */
    fixedTokens: z.int().nonnegative().optional(),
    purpose,
  }),
  z.object({
    ...at,
    kind: z.literal('model-call-finished'),
    callNumber: z.int().positive(),
    model: z.string(),
    content: z.array(assistantContent),
    stop: stopReason,
    /** Absent when the stream broke before the provider reported it. */
    usage: usage.optional(),
    durationMs: z.number().nonnegative(),
    failure: z.string().optional(),
    purpose,
    /** What the ledger is told; absent where it was told before this was written. */
    bill: bill.exactOptional(),
  }),
  z.object({ ...at, kind: z.literal('tool-started'), callId: z.string(), name: z.string() }),
  z.object({
    ...at,
    kind: z.literal('tool-finished'),
    callId: z.string(),
    name: z.string(),
    content: z.array(userContent),
    isError: z.boolean(),
    durationMs: z.number().nonnegative(),
    ran: ranCommand.optional(),
    /** Of the places that it touched, as far as they were not loaded before. */
    rules: z.array(loadedRule).exactOptional(),
  }),
  /** From the next model call on, this stands behind what every agent is told. */
  z.object({ ...at, kind: z.literal('briefed'), ...briefing.shape }),
  z.object({ ...at, kind: z.literal('effect-intended'), effectKey: z.string(), what: z.string() }),
  z.object({ ...at, kind: z.literal('effect-done'), effectKey: z.string(), receipt: jsonValue }),
  /**
   * Entries `fromSeq..toSeq` are shown to the model as `replacement` from here on, followed by those messages among them
   * that `keeps` numbers, as they are. Never parts a call from its result.
   */
  z.object({
    ...at,
    kind: z.literal('context-compacted'),
    fromSeq: z.int().positive(),
    toSeq: z.int().positive(),
    replacement: z.array(userContent),
    keeps: z.array(z.int().positive()).exactOptional(),
  }),
  /** These results are shown to the model as `content` from here on; what they were stays in the journal. */
  z.object({
    ...at,
    kind: z.literal('results-shortened'),
    results: z.array(shortenedResult),
  }),
  /** The workspace as it was after entry `journalSeq`: all of its working copies, also those that did not change since. */
  z.object({
    ...at,
    kind: z.literal('checkpoint-saved'),
    journalSeq: z.int().nonnegative(),
    workingCopies: z.array(savedWorkingCopy),
    /** Working copies that could not be saved, and why. An older snapshot of theirs may be among the saved. */
    notSaved: z.array(z.object({ directory: z.string(), why: z.string() })),
  }),
  /** A machine without the session's work got it back. `note` tells the model what came back and what did not. */
  z.object({
    ...at,
    kind: z.literal('checkpoint-restored'),
    note: z.string(),
    /** Working copies none of whose snapshots could be put back. */
    unrestored: z.array(z.string()),
  }),
  /** What the harness said to the model by itself. */
  z.object({
    ...at,
    kind: z.literal('harness-noted'),
    cause: z.enum(['going-round', 'asked-about-round', 'empty-answer']),
    text: z.string(),
  }),
  z.object({ ...at, kind: z.literal('wait-until'), wakeAtMs: z.int(), reason: z.string() }),
  z.object({
    ...at,
    kind: z.literal('state-changed'),
    from: sessionStatus,
    to: sessionStatus,
    /** Set when a turn ended by this change. */
    outcome: outcome.optional(),
    /** Of the work, as that turn's answer says beside it. */
    unpushed: z.array(unpushedWork).exactOptional(),
  }),
]);

/** An entry as its writer makes it; the journal numbers it. */
export type NewJournalEntry = z.infer<typeof newEntry>;

/** What a session did, in order. `seq` starts at 1 and has no gaps. */
export const journalEntry = z.intersection(
  newEntry,
  z.object({ seq: z.int().positive(), v: z.int().positive().max(JOURNAL_VERSION) }),
);
export type JournalEntry = z.infer<typeof journalEntry>;

export type JournalEntryKind = NewJournalEntry['kind'];
export type JournalEntryOf<K extends JournalEntryKind> = Extract<NewJournalEntry, { kind: K }>;

/** The files whose rules came with a call's result, as far as they say anything. */
export function rulePaths(rules: readonly LoadedRule[] = []): { readonly rules?: string[] } {
  const paths = rules.flatMap((rule) => (rule.text === '' ? [] : [rule.path]));
  return paths.length === 0 ? {} : { rules: paths };
}

/** What a call gave, with the rules that came with it: all that the model gets to see of it. */
export function resultContent({
  content,
  rules = [],
}: Pick<JournalEntryOf<'tool-finished'>, 'content' | 'rules'>): readonly UserContent[] {
  return rules.length === 0 ? content : [...content, ...rules.map((rule) => text(rule.text))];
}
