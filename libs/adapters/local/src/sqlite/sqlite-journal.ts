import { Fault, inboxItem, JOURNAL_VERSION, jsonText, readJournalEntry } from '@swe/domain';
import type { InboxItem, Journal, JournalEntry, JournalWrite, Outcome } from '@swe/domain';
import { z } from 'zod';
import { naming } from './naming';
import { checkEnd, loadHeldLease, loadSessionRow, saveSession } from './session-row';
import type { SessionRow } from './session-row';
import type { SqliteDatabase } from '../sqlite-database';
import { putOutboxEntry } from './sqlite-outbox';

/** Entries read at once: a long journal is never in memory as a whole. */
const BATCH = 200;

const lastRow = z.object({ seq: z.int() });
const inboxRow = z.object({ item: jsonText(inboxItem) });
const entryRow = z.object({ seq: z.int(), entry: z.string() });

export class SqliteJournal implements Journal {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  append(write: JournalWrite): Promise<number> {
    return this.#database.writeTogether(() => {
      const { sessionId, entries, admit, outbox = [], outcomes = [] } = write;
      if (loadHeldLease(this.#database, sessionId)?.fence !== write.fence) {
        throw new Fault('conflict', `fence ${write.fence} no longer holds the lease of session ${sessionId}`);
      }
      // Its session is not read for what is written most often.
      const row =
        admit === undefined && write.session === undefined
          ? undefined
          : loadSessionRow(this.#database, sessionId);
      if (row && admit) this.#checkAdmission(row, admit);
      for (const { seq, outcome } of outcomes) this.#settle(sessionId, seq, outcome);
      for (const entry of outbox) putOutboxEntry(this.#database, entry);
      if (row) changeSession(this.#database, row, write);
      return this.#insert(sessionId, entries);
    });
  }

  async *read(sessionId: string, fromSeq: number): AsyncIterable<JournalEntry> {
    const sql = 'SELECT seq, entry FROM journal WHERE session_id = ? AND seq >= ? ORDER BY seq LIMIT ?';
    for (let next = Math.max(fromSeq, 1); ;) {
      const rows = naming(sessionId, () => this.#database.all(entryRow, sql, sessionId, next, BATCH));
      for (const { seq, entry } of rows) {
        if (seq !== next) throw incomplete(sessionId, next);
        yield readJournalEntry(sessionId, seq, entry);
        next += 1;
      }
      if (rows.length < BATCH) return;
    }
  }

  #insert(sessionId: string, entries: JournalWrite['entries']): number {
    const sql = 'SELECT coalesce(max(seq), 0) AS seq FROM journal WHERE session_id = ?';
    let last = this.#database.get(lastRow, sql, sessionId)?.seq ?? 0;
    for (const entry of entries) {
      last += 1;
      this.#database.run(
        'INSERT INTO journal (session_id, seq, entry) VALUES (?, ?, ?)',
        sessionId,
        last,
        JSON.stringify({ ...entry, seq: last, v: JOURNAL_VERSION }),
      );
    }
    return last;
  }

  #checkAdmission({ session, head }: SessionRow, admit: NonNullable<JournalWrite['admit']>): void {
    if (admit.cursor < session.cursor || admit.cursor > head) {
      throw new Fault('conflict', `session ${session.id} cannot move its cursor to ${admit.cursor}`);
    }
    for (const { seq, revision } of admit.items) {
      if (this.#item(session.id, seq).revision === revision) continue;
      throw new Fault('conflict', `message ${seq} of session ${session.id} was edited since it was read`);
    }
  }

  #settle(sessionId: string, seq: number, outcome: Outcome): void {
    const item = this.#item(sessionId, seq);
    if (item.outcome !== undefined) {
      throw new Fault('conflict', `message ${seq} of session ${sessionId} already has its outcome`);
    }
    const sql = 'UPDATE inbox SET item = ? WHERE session_id = ? AND seq = ?';
    this.#database.run(sql, JSON.stringify({ ...item, outcome }), sessionId, seq);
  }

  #item(sessionId: string, seq: number): InboxItem {
    const sql = 'SELECT item FROM inbox WHERE session_id = ? AND seq = ?';
    const row = this.#database.get(inboxRow, sql, sessionId, seq);
    if (row === undefined) throw new Fault('missing', `session ${sessionId} has no message ${seq}`);
    return row.item;
  }
}

/** What was rescued from a damaged file may lack rows, and a journal with a gap tells something that never was. */
function incomplete(sessionId: string, seq: number): Fault {
  const problem = `The journal of session ${sessionId} lacks entry ${seq}`;
  return new Fault('invalid', `${problem}. Put a copy of the store in its place, or start a new session.`);
}

function changeSession(database: SqliteDatabase, row: SessionRow, write: JournalWrite): void {
  const merged = { ...row.session, ...write.session };
  const cursor = write.admit?.cursor ?? merged.cursor;
  const changed = { ...merged, cursor, revision: row.session.revision + 1 };
  checkEnd(row, changed);
  saveSession(database, changed);
}
