import { Fault } from '@swe/domain';
import type { InboxItem, Lease, OutboxEntry, Session } from '@swe/domain';

/** Everything one session owns. The journal is kept as JSON text, so that nobody can change what was written. */
export interface SessionRecord {
  session: Session;
  inbox: InboxItem[];
  journal: string[];
  /** The last fence and revision handed out, also while nobody holds the lease. */
  lease: { holder: string | undefined; fence: number; revision: number; dueAtMs: number };
}

export interface OutboxRecord {
  readonly entry: OutboxEntry;
  claim: { readonly claimant: string; readonly lapsesAtMs: number } | undefined;
  attempts: number;
  receipt: string | undefined;
}

/**
 * What the memory session store, journal and outbox share. Each of their methods runs in one turn of the event
 * loop, which is what makes it atomic.
 */
export class MemoryStore {
  readonly sessions = new Map<string, SessionRecord>();
  /** An origin's current session. */
  readonly aliases = new Map<string, string>();
  readonly seen = new Map<string, { readonly sessionId: string; readonly seq: number }>();
  /** In the order in which the entries came. */
  readonly outbox = new Map<string, OutboxRecord>();

  record(sessionId: string): SessionRecord {
    const found = this.sessions.get(sessionId);
    if (found === undefined) throw new Fault('missing', `there is no session ${sessionId}`);
    return found;
  }

  heldLease(sessionId: string): Lease | undefined {
    const lease = this.sessions.get(sessionId)?.lease;
    if (lease?.holder === undefined) return undefined;
    return { sessionId, holder: lease.holder, fence: lease.fence, revision: lease.revision };
  }

  putOutbox(entry: OutboxEntry): void {
    if (this.outbox.has(entry.effectKey)) return;
    this.outbox.set(entry.effectKey, { entry, claim: undefined, attempts: 0, receipt: undefined });
  }
}
