import { Fault, outboxEntry } from '@swe/domain';
import type { Outbox, OutboxClaim, OutboxEntry } from '@swe/domain';
import { z } from 'zod';
import { jsonColumn } from '../json-column';
import type { SqliteDatabase } from '../sqlite-database';

const listedRow = z.object({ entry: jsonColumn(outboxEntry) });
const claimRow = listedRow.extend({
  claimant: z.string().nullable(),
  lapses_at_ms: z.int().nullable(),
  attempts: z.int(),
  receipt: z.string().nullable(),
});

export class SqliteOutbox implements Outbox {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async put(entry: OutboxEntry): Promise<void> {
    this.#database.write(() => putOutboxEntry(this.#database, entry));
  }

  async listUndelivered(sessionId: string): Promise<readonly OutboxEntry[]> {
    const sql = 'SELECT entry FROM outbox WHERE session_id = ? AND receipt IS NULL ORDER BY position';
    return this.#database.all(listedRow, sql, sessionId).map(({ entry }) => entry);
  }

  async claim(effectKey: string, claimant: string, nowMs: number, lapsesAtMs: number): Promise<OutboxClaim> {
    return this.#database.write(() => {
      const row = this.#database.get(
        claimRow,
        'SELECT entry, claimant, lapses_at_ms, attempts, receipt FROM outbox WHERE effect_key = ?',
        effectKey,
      );
      if (row === undefined) throw new Fault('missing', `there is no outbox entry ${effectKey}`);
      if (row.receipt !== null) throw new Fault('conflict', `${effectKey} was already delivered`);
      if (row.claimant !== null && row.claimant !== claimant && (row.lapses_at_ms ?? 0) > nowMs) {
        throw new Fault('conflict', `${effectKey} is claimed by ${row.claimant}`);
      }
      const attempt = row.attempts + 1;
      this.#database.run(
        'UPDATE outbox SET claimant = ?, lapses_at_ms = ?, attempts = ? WHERE effect_key = ?',
        claimant,
        lapsesAtMs,
        attempt,
        effectKey,
      );
      return { entry: row.entry, claimant, attempt };
    });
  }

  async settle({ entry, claimant, attempt }: OutboxClaim, receipt: string): Promise<void> {
    const settled = this.#database.write(() =>
      this.#database.run(
        `UPDATE outbox SET receipt = ?
          WHERE effect_key = ? AND claimant = ? AND attempts = ? AND receipt IS NULL`,
        receipt,
        entry.effectKey,
        claimant,
        attempt,
      ),
    );
    if (settled === 1) return;
    throw new Fault('conflict', `${entry.effectKey} is not claimed by ${claimant} any more`);
  }
}

/** Adds an entry unless its effect key is known. Call it inside a write. */
export function putOutboxEntry(database: SqliteDatabase, entry: OutboxEntry): void {
  database.run(
    `INSERT INTO outbox (effect_key, session_id, entry) VALUES (?, ?, ?)
      ON CONFLICT (effect_key) DO NOTHING`,
    entry.effectKey,
    entry.sessionId,
    JSON.stringify(entry),
  );
}
