import { Fault, shownBy } from '@swe/domain';
import type {
  InboxItem,
  Lease,
  OutboxClaimant,
  OutboxEntry,
  Reservation,
  ReservationRecord,
  Session,
} from '@swe/domain';

/** Everything one session owns. The journal is kept as JSON text, so that nobody can change what was written. */
export interface SessionRecord {
  session: Session;
  inbox: InboxItem[];
  journal: string[];
  /** The last fence and revision handed out, also while nobody holds the lease. */
  lease: { holder: string | undefined; generation: number; fence: number; revision: number; dueAtMs: number };
}

export interface OutboxRecord {
  entry: OutboxEntry;
  claimant: OutboxClaimant | undefined;
  attempts: number;
  receipts: readonly string[];
  dueAtMs: number;
  isSettled: boolean;
}

/** A reservation and, once it is settled, what was spent. */
export interface LedgerRecord extends ReservationRecord, Pick<Reservation, 'key'> {
  readonly spentNanoUsd: number;
  readonly estimated: boolean;
}

/**
 * What the memory session store, journal, outbox and ledger share. Each of their methods runs in one turn of the event
 * loop, which is what makes it atomic.
 */
export class MemoryStore {
  readonly sessions = new Map<string, SessionRecord>();
  /** An origin's current session. */
  readonly aliases = new Map<string, string>();
  readonly seen = new Map<string, { readonly sessionId: string; readonly seq: number }>();
  readonly edits = new Set<string>();
  /** In the order in which the entries came. */
  readonly outbox = new Map<string, OutboxRecord>();
  /** By session and call. */
  readonly ledger = new Map<string, LedgerRecord>();

  record(sessionId: string): SessionRecord {
    const found = this.sessions.get(sessionId);
    if (found === undefined) throw new Fault('missing', `there is no session ${sessionId}`);
    return found;
  }

  heldLease(sessionId: string): Lease | undefined {
    const lease = this.sessions.get(sessionId)?.lease;
    if (lease?.holder === undefined) return undefined;
    const { holder, generation, fence, revision } = lease;
    return { sessionId, holder, generation, fence, revision };
  }

  putOutbox(entry: OutboxEntry): void {
    const known = this.outbox.get(entry.effectKey);
    if (known === undefined) {
      const fresh = { claimant: undefined, attempts: 0, receipts: [], isSettled: false };
      this.outbox.set(entry.effectKey, { ...fresh, entry, dueAtMs: entry.createdAtMs });
    } else if (entry.class === 'status' && shownBy(known.entry) !== shownBy(entry)) {
      Object.assign(known, { entry, claimant: undefined, dueAtMs: entry.createdAtMs, isSettled: false });
    }
  }

  undelivered(sessionId: string): readonly OutboxRecord[] {
    return [...this.outbox.values()].filter(
      ({ entry, isSettled }) => entry.sessionId === sessionId && !isSettled,
    );
  }
}

/** Throws `conflict` when `change` would end a session whose inbox holds a message after `cursor`. */
export function checkEnd(
  { session, inbox }: SessionRecord,
  status: string | undefined,
  cursor: number,
): void {
  if (status !== 'ended' || session.status === 'ended' || inbox.length === cursor) return;
  throw new Fault('conflict', `session ${session.id} cannot end: a message came in`);
}
