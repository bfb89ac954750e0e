import type { JournalEntry, NewJournalEntry } from '../session/journal-entry';
import type { Outcome } from '../session/outcome';
import type { OutboxEntry } from '../session/outbox-entry';
import type { SessionChange } from '../session/session';

export interface JournalWrite {
  readonly sessionId: string;
  readonly fence: number;
  readonly entries: readonly NewJournalEntry[];
  readonly outbox?: readonly OutboxEntry[];
  /** Moves the inbox cursor to `cursor`, and says which revision of each message was admitted by that. */
  readonly admit?: {
    readonly cursor: number;
    readonly items: readonly { readonly seq: number; readonly revision: number }[];
  };
  readonly outcomes?: readonly { readonly seq: number; readonly outcome: Outcome }[];
  readonly session?: SessionChange;
}

/**
 * What sessions did, append-only.
 *
 * - entries are numbered from 1 without gaps, in the order given
 * - entries, outbox, cursor, outcomes and session change become visible together or not at all
 * - a fence older than the lease's is a `conflict` and writes nothing
 * - a message edited since it was read cannot be admitted: `conflict`, nothing written
 * - a message has one outcome: a second one is a `conflict`, nothing written
 * - an outbox entry whose effect key exists is kept as it was, a `status` gets its latest body
 * - a session ends only with the inbox head at its cursor: `conflict`, nothing written
 * - `read` gives the entries from a sequence on, in order, unchanged, however large
 * - an entry of a newer version is `invalid`, naming the session
 */
export interface Journal {
  /** Returns the sequence of the last entry written. */
  append(write: JournalWrite): Promise<number>;
  read(sessionId: string, fromSeq: number): AsyncIterable<JournalEntry>;
}
