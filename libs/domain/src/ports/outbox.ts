import type { OutboxClaimant } from '../session/outbox-claimant';
import type { OutboxEntry } from '../session/outbox-entry';

/** An undelivered entry. It is not to be tried before `dueAtMs`. */
export interface OutboxItem {
  readonly entry: OutboxEntry;
  readonly dueAtMs: number;
  /** Who claimed it last and has not given it back. */
  readonly claimant?: OutboxClaimant;
}

/** What names an entry. */
export type OutboxKey = Pick<OutboxEntry, 'sessionId' | 'effectKey'>;

/** A claimed entry. `attempt` counts claims from 1: above 1 the claimant asks the chat's `find` before it posts. */
export interface OutboxClaim {
  readonly entry: OutboxEntry;
  readonly claimant: string;
  readonly attempt: number;
  /** The chat's ids of what was posted of it so far, part by part. */
  readonly receipts: readonly string[];
}

/**
 * What people are to see and have not seen yet. Entries come in by `Journal.append`, or by `put` where there is no
 * lease (refusals, help, "can't start").
 *
 * - entries of a session are listed in the order in which they came, until settled
 * - a known effect key changes nothing, but for a `status`: what it shows last is to be shown, where the last one was
 * - one claimant at a time: a claim held by another, not lapsed, is a `conflict`
 * - a lapsed claim, and one of an older fence, can be taken, and counts as a further attempt
 * - receipts of delivered parts are kept for the next claimant
 * - a deferred entry is free to be claimed, and due at its time
 * - an undelivered entry makes its session due: at once, when its claim lapses, or when it was deferred to
 * - only the claimant records, defers and settles; a settled entry is not listed again
 * - an entry is found by its key, also once it is settled; another session's is not
 */
export interface Outbox {
  put(entry: OutboxEntry): Promise<void>;
  find(key: OutboxKey): Promise<OutboxEntry | undefined>;
  listUndelivered(sessionId: string): Promise<readonly OutboxItem[]>;
  /** Throws `conflict` as `claimHolds` says. */
  claim(key: OutboxKey, claimant: OutboxClaimant, nowMs: number): Promise<OutboxClaim>;
  /** Keeps the receipt of the part that was posted now. */
  record(claim: OutboxClaim, receipt: string): Promise<OutboxClaim>;
  /** Gives the claim back: nothing is tried before `dueAtMs`. */
  defer(claim: OutboxClaim, dueAtMs: number): Promise<void>;
  /** Done: all of it was posted, or the chat will never take it, for the reason of `refusal`. */
  settle(claim: OutboxClaim, refusal?: string): Promise<void>;
}
