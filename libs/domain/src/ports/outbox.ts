import type { OutboxEntry } from '../session/outbox-entry';

/** A claimed entry. `attempt` counts claims from 1: above 1 the claimant asks the chat's `find` before it posts. */
export interface OutboxClaim {
  readonly entry: OutboxEntry;
  readonly claimant: string;
  readonly attempt: number;
}

/**
 * What people are to see and have not seen yet. Entries come in by `Journal.append`, or by `put` where there is no
 * lease (refusals, help, "can't start").
 *
 * - entries of a session are listed in the order in which they came, until settled
 * - `put` with a known effect key changes nothing
 * - one claimant at a time: a claim held by another, not lapsed, is a `conflict`
 * - a lapsed claim can be taken, and counts as a further attempt
 * - only the claimant settles, and a settled entry is not listed again
 */
export interface Outbox {
  put(entry: OutboxEntry): Promise<void>;
  listUndelivered(sessionId: string): Promise<readonly OutboxEntry[]>;
  /** The claim lapses at `lapsesAtMs`; `nowMs` decides whether an earlier one has. */
  claim(effectKey: string, claimant: string, nowMs: number, lapsesAtMs: number): Promise<OutboxClaim>;
  /** `receipt` is the chat's id of what was posted. */
  settle(claim: OutboxClaim, receipt: string): Promise<void>;
}
