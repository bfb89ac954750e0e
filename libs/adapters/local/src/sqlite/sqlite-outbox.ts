import { claimHolds, Fault, jsonText, outboxEntry } from '@swe/domain';
import type { Outbox, OutboxClaim, OutboxClaimant, OutboxEntry, OutboxItem, OutboxKey } from '@swe/domain';
import { z } from 'zod';
import { naming } from './naming';
import type { SqliteDatabase } from '../sqlite-database';

const claimantColumn = z.object({
  name: z.string(),
  fence: z.int().exactOptional(),
  lapsesAtMs: z.int(),
});
const entryRow = z.object({ entry: jsonText(outboxEntry) });
const listedRow = z.object({
  entry: jsonText(outboxEntry),
  due_at_ms: z.int(),
  claimant: jsonText(claimantColumn).nullable(),
});
const receiptsRow = z.object({ receipts: jsonText(z.array(z.string())) });
const claimRow = z.object({
  entry: jsonText(outboxEntry),
  claimant: jsonText(claimantColumn).nullable(),
  attempts: z.int(),
  receipts: jsonText(z.array(z.string())),
  settled: z.int(),
});

export class SqliteOutbox implements Outbox {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async put(entry: OutboxEntry): Promise<void> {
    this.#database.write(() => putOutboxEntry(this.#database, entry));
  }

  async find({ sessionId, effectKey }: OutboxKey): Promise<OutboxEntry | undefined> {
    const sql = 'SELECT entry FROM outbox WHERE effect_key = ? AND session_id = ?';
    return naming(sessionId, () => this.#database.get(entryRow, sql, effectKey, sessionId))?.entry;
  }

  async listUndelivered(sessionId: string): Promise<readonly OutboxItem[]> {
    const sql = `SELECT entry, due_at_ms, claimant FROM outbox
      WHERE session_id = ? AND settled = 0 ORDER BY position`;
    const rows = naming(sessionId, () => this.#database.all(listedRow, sql, sessionId));
    return rows.map(({ entry, due_at_ms: dueAtMs, claimant }) => ({
      entry,
      dueAtMs,
      ...(claimant && { claimant }),
    }));
  }

  async claim({ effectKey }: OutboxKey, claimant: OutboxClaimant, nowMs: number): Promise<OutboxClaim> {
    return this.#database.write(() => {
      const sql = 'SELECT entry, claimant, attempts, receipts, settled FROM outbox WHERE effect_key = ?';
      const row = this.#database.get(claimRow, sql, effectKey);
      if (row === undefined) throw new Fault('missing', `there is no outbox entry ${effectKey}`);
      if (row.settled === 1) throw new Fault('conflict', `${effectKey} was already delivered`);
      if (row.claimant !== null && claimHolds(row.claimant, claimant, nowMs)) {
        throw new Fault('conflict', `${effectKey} is claimed by ${row.claimant.name}`);
      }
      const attempt = row.attempts + 1;
      this.#database.run(
        'UPDATE outbox SET claimant = ?, due_at_ms = ?, attempts = ? WHERE effect_key = ?',
        JSON.stringify(claimant),
        claimant.lapsesAtMs,
        attempt,
        effectKey,
      );
      return { entry: row.entry, claimant: claimant.name, attempt, receipts: row.receipts };
    });
  }

  async record(claim: OutboxClaim, receipt: string): Promise<OutboxClaim> {
    const { receipts } = this.#change(claim, "receipts = json_insert(receipts, '$[#]', ?)", receipt);
    return { ...claim, receipts };
  }

  async defer(claim: OutboxClaim, dueAtMs: number): Promise<void> {
    this.#change(claim, 'claimant = NULL, due_at_ms = ?', dueAtMs);
  }

  async settle(claim: OutboxClaim, refusal?: string): Promise<void> {
    this.#change(claim, 'claimant = NULL, settled = 1, refusal = ?', refusal ?? null);
  }

  #change({ entry, claimant, attempt }: OutboxClaim, set: string, value: string | number | null) {
    const sql = `UPDATE outbox SET ${set}
      WHERE effect_key = ? AND claimant ->> 'name' = ? AND attempts = ? AND settled = 0 RETURNING receipts`;
    const changed = this.#database.write(() =>
      this.#database.get(receiptsRow, sql, value, entry.effectKey, claimant, attempt),
    );
    if (changed !== undefined) return changed;
    throw new Fault('conflict', `${entry.effectKey} is not claimed by ${claimant} any more`);
  }
}

/**
 * Adds an entry unless its effect key is known; a known `status` that shows something else now is to be delivered again.
 * Call it inside a write.
 */
export function putOutboxEntry(database: SqliteDatabase, entry: OutboxEntry): void {
  database.run(
    `INSERT INTO outbox (effect_key, session_id, entry, due_at_ms) VALUES (?, ?, ?, ?)
      ON CONFLICT (effect_key) DO UPDATE
        SET entry = excluded.entry, due_at_ms = excluded.due_at_ms, settled = 0, claimant = NULL
        WHERE excluded.entry ->> 'class' = 'status'
          AND json_remove(excluded.entry, '$.createdAtMs') <> json_remove(outbox.entry, '$.createdAtMs')`,
    entry.effectKey,
    entry.sessionId,
    JSON.stringify(entry),
    entry.createdAtMs,
  );
}
