import {
  Fault,
  inboxItem,
  inboxItemOf,
  jsonText,
  leaseRefusal,
  newSession,
  openedWith,
  postsOf,
  sessionIdOf,
} from '@swe/domain';
import type {
  Answering,
  EditResult,
  InboxItem,
  IncomingMessage,
  Lease,
  LeaseClaim,
  MessageEdit,
  MessagePlace,
  Outcome,
  Page,
  PageRequest,
  Receipt,
  Session,
  SessionChange,
  SessionStore,
} from '@swe/domain';
import { z } from 'zod';
import { naming } from './naming';
import { checkEnd, findSessionRow, heldLease, loadSessionRow, saveSession } from './session-row';
import type { SessionRow } from './session-row';
import { putOutboxEntry } from './sqlite-outbox';
import type { SqliteDatabase } from '../sqlite-database';

const seenRow = z.object({ session_id: z.string(), seq: z.int() });
const editRow = z.object({ edit_key: z.string() });
const aliasRow = z.object({ session_id: z.string() });
const idRow = z.object({ id: z.string() });
const inboxRow = z.object({ item: jsonText(inboxItem) });
const placeRow = inboxRow.extend({ session_id: z.string() });

export class SqliteSessionStore implements SessionStore {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async receive(message: IncomingMessage, answer?: Answering): Promise<Receipt> {
    return this.#database.write(() => {
      const seen = this.#database.get(
        seenRow,
        'SELECT session_id, seq FROM inbox WHERE message_key = ?',
        message.messageKey,
      );
      if (seen !== undefined) return { sessionId: seen.session_id, seq: seen.seq, duplicate: true };
      const current = this.#currentFor(message);
      const session = current?.session ?? newSession(message, this.#nextRound(message.origin));
      const seq = (current?.head ?? 0) + 1;
      const answered = answer?.({ session, seq });
      if (current === undefined) this.#open(message.origin, openedWith(session, answered));
      else if (answered?.session !== undefined) this.#apply(current, answered.session);
      this.#insert(message, session.id, seq, answered?.outcome);
      for (const entry of postsOf(message, session.id, answered)) putOutboxEntry(this.#database, entry);
      return { sessionId: session.id, seq, duplicate: false };
    });
  }

  async revise({ editKey, messageKey, body }: MessageEdit): Promise<EditResult> {
    return this.#database.write(() => {
      const place = this.#place(messageKey);
      if (place === undefined) return 'unknown';
      const known = this.#database.get(editRow, 'SELECT edit_key FROM edit WHERE edit_key = ?', editKey);
      if (known !== undefined) return 'duplicate';
      const { sessionId, item } = place;
      const { session } = loadSessionRow(this.#database, sessionId);
      if (item.seq <= session.cursor || item.outcome !== undefined) return 'too-late';
      this.#database.run('INSERT INTO edit (edit_key) VALUES (?)', editKey);
      const change = body === undefined ? { outcome: { kind: 'cancelled' } as const } : { body };
      const revised: InboxItem = { ...item, ...change, revision: item.revision + 1 };
      const sql = 'UPDATE inbox SET item = ? WHERE session_id = ? AND seq = ?';
      this.#database.run(sql, JSON.stringify(revised), sessionId, item.seq);
      return 'revised';
    });
  }

  async findMessage(messageKey: string): Promise<MessagePlace | undefined> {
    return this.#place(messageKey);
  }

  async findSession(origin: string): Promise<Session | undefined> {
    return this.#sessionOf(origin)?.session;
  }

  async takeOver(origin: string, sessionId: string): Promise<void> {
    this.#database.write(() => {
      const current = this.#sessionOf(origin);
      const isFree = current === undefined || current.session.status === 'ended';
      const { session } = loadSessionRow(this.#database, sessionId);
      if (!isFree || session.status === 'ended') {
        throw new Fault('conflict', `${origin} cannot take over session ${sessionId}`);
      }
      this.#alias(origin, sessionId);
    });
  }

  async capOf(sessionId: string): Promise<number | undefined> {
    return (await this.load(sessionId))?.capNanoUsd;
  }

  async load(sessionId: string): Promise<Session | undefined> {
    return findSessionRow(this.#database, sessionId)?.session;
  }

  async change(sessionId: string, revision: number, change: SessionChange): Promise<Session> {
    return this.#database.write(() => {
      const row = loadSessionRow(this.#database, sessionId);
      if (row.session.revision !== revision) {
        throw new Fault('conflict', `session ${sessionId} has changed since revision ${revision}`);
      }
      return this.#apply(row, change);
    });
  }

  async list({ limit, after }: PageRequest): Promise<Page<Session>> {
    const from = 'WHERE (created_at_ms, id) < (SELECT created_at_ms, id FROM session WHERE id = ?)';
    const rows = this.#database.all(
      idRow,
      `SELECT id FROM session ${after === undefined ? '' : from} ORDER BY created_at_ms DESC, id DESC LIMIT ?`,
      ...(after === undefined ? [] : [after]),
      limit + 1,
    );
    const { items, ...more } = pageOf(rows, limit, ({ id }) => id);
    // One by one, so that what can't be read is named.
    return { items: items.map(({ id }) => loadSessionRow(this.#database, id).session), ...more };
  }

  async listDue(nowMs: number, { limit, after = '' }: PageRequest): Promise<Page<string>> {
    const rows = this.#database.all(
      idRow,
      // The first line is the index's own condition, without which SQLite would not use it.
      `SELECT id FROM session
        WHERE (head > cursor OR lease_holder IS NOT NULL OR retry_at_ms IS NOT NULL OR wake_at_ms IS NOT NULL
            OR manage_at_ms IS NOT NULL OR poll_at_ms IS NOT NULL)
          AND (head > cursor
            OR (lease_holder IS NOT NULL AND lease_due_at_ms <= ?1)
            OR retry_at_ms <= ?1
            OR wake_at_ms <= ?1
            OR manage_at_ms <= ?1
            OR poll_at_ms <= ?1)
          AND id > ?2
        UNION
        SELECT session_id FROM outbox WHERE settled = 0 AND due_at_ms <= ?1 AND session_id > ?2
        ORDER BY id LIMIT ?3`,
      nowMs,
      after,
      limit + 1,
    );
    return pageOf(
      rows.map(({ id }) => id),
      limit,
      (id) => id,
    );
  }

  async readInbox(sessionId: string, afterSeq: number): Promise<readonly InboxItem[]> {
    const sql = 'SELECT item FROM inbox WHERE session_id = ? AND seq > ? ORDER BY seq';
    const rows = naming(sessionId, () => this.#database.all(inboxRow, sql, sessionId, afterSeq));
    return rows.map(({ item }) => item);
  }

  async readLease(sessionId: string): Promise<Lease | undefined> {
    const row = findSessionRow(this.#database, sessionId);
    return row && heldLease(row);
  }

  async takeLease(claim: LeaseClaim): Promise<Lease> {
    const { sessionId, holder, generation, dueAtMs } = claim;
    return this.#database.write(() => {
      const row = loadSessionRow(this.#database, sessionId);
      const refusal = leaseRefusal(row.session, heldLease(row), claim);
      if (refusal !== undefined) throw new Fault('conflict', refusal);
      const { lease_fence: fence, lease_revision: revision } = row;
      return this.#hold({ sessionId, holder, generation, fence: fence + 1, revision: revision + 1 }, dueAtMs);
    });
  }

  async renewLease(lease: Lease, dueAtMs: number): Promise<Lease> {
    return this.#database.write(() => {
      const { lease_revision: revision } = this.#ownRow(lease);
      return this.#hold({ ...lease, revision: revision + 1 }, dueAtMs);
    });
  }

  async releaseLease(lease: Lease, change: SessionChange): Promise<boolean> {
    return this.#database.write(() => {
      const row = this.#ownRow(lease);
      if (row.head > row.session.cursor) return false;
      this.#database.run('UPDATE session SET lease_holder = NULL WHERE id = ?', lease.sessionId);
      this.#apply(row, change);
      return true;
    });
  }

  async beginStop(sessionId: string, revision: number, change: SessionChange): Promise<Session | undefined> {
    return this.#database.write(() => {
      const row = loadSessionRow(this.#database, sessionId);
      const isIdle = heldLease(row) === undefined && row.head === row.session.cursor;
      if (!isIdle || row.session.revision !== revision) return undefined;
      return this.#apply(row, { ...change, stopping: true });
    });
  }

  /** The session that `message` goes to; undefined when it opens one. */
  #currentFor({ origin, addressed }: IncomingMessage): SessionRow | undefined {
    const current = this.#sessionOf(origin);
    if (current?.session.status !== 'ended') return current;
    if (addressed) return undefined;
    throw new Fault('denied', `session ${current.session.id} has ended and the message asks for no new one`);
  }

  #open(origin: string, session: Session): void {
    const sql = 'INSERT INTO session (id, session) VALUES (?, ?)';
    this.#database.run(sql, session.id, JSON.stringify(session));
    this.#alias(origin, session.id);
  }

  #insert(message: IncomingMessage, sessionId: string, seq: number, outcome: Outcome | undefined): void {
    const item = JSON.stringify({ ...inboxItemOf(message, seq), outcome });
    this.#database.run('UPDATE session SET head = ? WHERE id = ?', seq, sessionId);
    const sql = 'INSERT INTO inbox (session_id, seq, message_key, item) VALUES (?, ?, ?, ?)';
    this.#database.run(sql, sessionId, seq, message.messageKey, item);
  }

  /** An alias tells the last session, which may be one that was taken over: what counts is what is there. */
  #nextRound(origin: string): number {
    for (let round = 1; ; round += 1) {
      const sql = 'SELECT id FROM session WHERE id = ?';
      if (this.#database.get(idRow, sql, sessionIdOf(origin, round)) === undefined) return round;
    }
  }

  #sessionOf(origin: string): SessionRow | undefined {
    const alias = this.#database.get(aliasRow, 'SELECT session_id FROM alias WHERE origin = ?', origin);
    return alias && loadSessionRow(this.#database, alias.session_id);
  }

  #alias(origin: string, sessionId: string): void {
    const sql = 'INSERT OR REPLACE INTO alias (origin, session_id) VALUES (?, ?)';
    this.#database.run(sql, origin, sessionId);
  }

  #place(messageKey: string): MessagePlace | undefined {
    const sql = 'SELECT session_id, item FROM inbox WHERE message_key = ?';
    const row = this.#database.get(placeRow, sql, messageKey);
    return row && { sessionId: row.session_id, item: row.item };
  }

  #apply(row: SessionRow, change: SessionChange): Session {
    const changed = { ...row.session, ...change, revision: row.session.revision + 1 };
    checkEnd(row, changed);
    return saveSession(this.#database, changed);
  }

  #ownRow(lease: Lease): SessionRow {
    const row = loadSessionRow(this.#database, lease.sessionId);
    if (heldLease(row)?.fence === lease.fence) return row;
    throw new Fault('conflict', `${lease.holder} has lost the lease of session ${lease.sessionId}`);
  }

  #hold(lease: Lease, dueAtMs: number): Lease {
    this.#database.run(
      `UPDATE session SET lease_holder = ?, lease_generation = ?, lease_fence = ?, lease_revision = ?, lease_due_at_ms = ?
        WHERE id = ?`,
      lease.holder,
      lease.generation,
      lease.fence,
      lease.revision,
      dueAtMs,
      lease.sessionId,
    );
    return lease;
  }
}

/** `rows` holds one row more than `limit` when there is a next page. */
function pageOf<T>(rows: readonly T[], limit: number, keyOf: (item: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return last === undefined || rows.length <= limit ? { items } : { items, next: keyOf(last) };
}
