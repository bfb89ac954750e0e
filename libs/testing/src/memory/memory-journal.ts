import { Fault, JOURNAL_VERSION, readJournalEntry } from '@swe/domain';
import type { InboxItem, Journal, JournalEntry, JournalWrite } from '@swe/domain';
import { checkEnd } from './memory-store';
import type { MemoryStore, SessionRecord } from './memory-store';

export class MemoryJournal implements Journal {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  async append(write: JournalWrite): Promise<number> {
    const { sessionId, entries, admit, outbox = [], outcomes = [], session: change } = write;
    const record = this.#store.record(sessionId);
    if (this.#store.heldLease(sessionId)?.fence !== write.fence) {
      throw new Fault('conflict', `fence ${write.fence} no longer holds the lease of session ${sessionId}`);
    }
    // Everything that can be refused is checked before anything is written.
    if (admit !== undefined) checkAdmission(record, admit);
    checkEnd(record, change?.status, admit?.cursor ?? record.session.cursor);
    const inbox = withOutcomes(record, outcomes);

    record.inbox = inbox;
    for (const entry of entries) {
      const seq = record.journal.length + 1;
      record.journal.push(JSON.stringify({ ...entry, seq, v: JOURNAL_VERSION }));
    }
    for (const entry of outbox) this.#store.putOutbox(entry);
    if (admit !== undefined || change !== undefined) {
      const { session } = record;
      const cursor = admit?.cursor ?? change?.cursor ?? session.cursor;
      record.session = { ...session, ...change, cursor, revision: session.revision + 1 };
    }
    return record.journal.length;
  }

  async *read(sessionId: string, fromSeq: number): AsyncIterable<JournalEntry> {
    const record = this.#store.sessions.get(sessionId);
    for (let seq = Math.max(fromSeq, 1); ; seq += 1) {
      const json = record?.journal[seq - 1];
      if (json === undefined) return;
      yield readJournalEntry(sessionId, seq, json);
    }
  }
}

function checkAdmission(record: SessionRecord, admit: NonNullable<JournalWrite['admit']>): void {
  const { session, inbox } = record;
  if (admit.cursor < session.cursor || admit.cursor > inbox.length) {
    throw new Fault('conflict', `session ${session.id} cannot move its cursor to ${admit.cursor}`);
  }
  for (const { seq, revision } of admit.items) {
    if (inbox[seq - 1]?.revision === revision) continue;
    throw new Fault('conflict', `message ${seq} of session ${session.id} was edited since it was read`);
  }
}

function withOutcomes(record: SessionRecord, outcomes: NonNullable<JournalWrite['outcomes']>): InboxItem[] {
  const inbox = [...record.inbox];
  for (const { seq, outcome } of outcomes) {
    const item = inbox[seq - 1];
    if (item === undefined) throw new Fault('missing', `session ${record.session.id} has no message ${seq}`);
    if (item.outcome !== undefined) {
      throw new Fault('conflict', `message ${seq} of session ${record.session.id} already has its outcome`);
    }
    inbox[seq - 1] = { ...item, outcome };
  }
  return inbox;
}
