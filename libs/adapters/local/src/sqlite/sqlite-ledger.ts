import {
  callName,
  checkCap,
  checkNanoUsd,
  Fault,
  isReserved,
  jsonText,
  nanoUsd,
  openReservation,
  reservationRecord,
} from '@swe/domain';
import type {
  Ledger,
  LedgerReport,
  LedgerScope,
  Reservation,
  ReservationKey,
  ReservationRecord,
} from '@swe/domain';
import { z } from 'zod';
import type { SqliteDatabase } from '../sqlite-database';

const scopeRow = z.object({
  reserved_nano_usd: nanoUsd,
  spent_nano_usd: nanoUsd,
  estimated_nano_usd: nanoUsd,
});
const reservationRow = z.object({
  amount_nano_usd: nanoUsd,
  scopes: jsonText(reservationRecord.shape.scopes),
  state: reservationRecord.shape.state,
});
const openRow = z.object({ call_number: z.int(), amount_nano_usd: nanoUsd });

/** Keeps a scope's totals beside its calls, so that a month of calls need not be added up before each. */
export class SqliteLedger implements Ledger {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async reserve(key: ReservationKey, scopes: readonly LedgerScope[], amountNanoUsd: number): Promise<void> {
    const wanted = openReservation(key, scopes, amountNanoUsd);
    return this.#database.writeTogether(() => {
      if (isReserved(key, this.#find(key), wanted)) return;
      for (const scope of scopes) {
        const { reservedNanoUsd, spentNanoUsd } = this.#totals(scope.name);
        checkCap(scope, reservedNanoUsd + spentNanoUsd, amountNanoUsd);
        this.#add(scope.name, { reservedNanoUsd: amountNanoUsd, spentNanoUsd: 0, estimatedNanoUsd: 0 });
      }
      this.#save(key, wanted);
    });
  }

  async settle(key: ReservationKey, spentNanoUsd: number, estimated: boolean): Promise<void> {
    checkNanoUsd(spentNanoUsd);
    return this.#database.writeTogether(() => {
      const known = this.#find(key);
      if (known === undefined) throw new Fault('missing', `${callName(key)} has no reservation`);
      if (known.state === 'settled') return;
      const reservedNanoUsd = known.state === 'open' ? -known.amountNanoUsd : 0;
      const estimatedNanoUsd = estimated ? spentNanoUsd : 0;
      for (const name of known.scopes) this.#add(name, { reservedNanoUsd, spentNanoUsd, estimatedNanoUsd });
      this.#save(key, { ...known, state: 'settled' });
    });
  }

  async release(key: ReservationKey): Promise<void> {
    return this.#database.writeTogether(() => {
      const known = this.#find(key);
      if (known?.state !== 'open') return;
      const change = { reservedNanoUsd: -known.amountNanoUsd, spentNanoUsd: 0, estimatedNanoUsd: 0 };
      for (const name of known.scopes) this.#add(name, change);
      this.#save(key, { ...known, state: 'released' });
    });
  }

  async listReserved(sessionId: string): Promise<readonly Reservation[]> {
    const rows = this.#database.all(
      openRow,
      `SELECT call_number, amount_nano_usd FROM reservation
        WHERE session_id = ? AND state = 'open' ORDER BY call_number`,
      sessionId,
    );
    return rows.map(({ call_number: callNumber, amount_nano_usd: amountNanoUsd }) => ({
      key: { sessionId, callNumber },
      amountNanoUsd,
    }));
  }

  async report(scope: string): Promise<LedgerReport> {
    return this.#totals(scope);
  }

  #totals(scope: string): LedgerReport {
    const sql =
      'SELECT reserved_nano_usd, spent_nano_usd, estimated_nano_usd FROM ledger_scope WHERE name = ?';
    const row = this.#database.get(scopeRow, sql, scope);
    return {
      reservedNanoUsd: row?.reserved_nano_usd ?? 0,
      spentNanoUsd: row?.spent_nano_usd ?? 0,
      estimatedNanoUsd: row?.estimated_nano_usd ?? 0,
    };
  }

  /** Call it inside a write, which a sum that is no amount undoes. */
  #add(scope: string, change: LedgerReport): void {
    const totals = this.#totals(scope);
    const reserved = totals.reservedNanoUsd + change.reservedNanoUsd;
    const spent = totals.spentNanoUsd + change.spentNanoUsd;
    checkNanoUsd(reserved + spent);
    this.#database.run(
      'INSERT OR REPLACE INTO ledger_scope (name, reserved_nano_usd, spent_nano_usd, estimated_nano_usd) VALUES (?, ?, ?, ?)',
      scope,
      reserved,
      spent,
      totals.estimatedNanoUsd + change.estimatedNanoUsd,
    );
  }

  #find({ sessionId, callNumber }: ReservationKey): ReservationRecord | undefined {
    const sql =
      'SELECT amount_nano_usd, scopes, state FROM reservation WHERE session_id = ? AND call_number = ?';
    const row = this.#database.get(reservationRow, sql, sessionId, callNumber);
    return row && { amountNanoUsd: row.amount_nano_usd, scopes: row.scopes, state: row.state };
  }

  #save({ sessionId, callNumber }: ReservationKey, record: ReservationRecord): void {
    this.#database.run(
      'INSERT OR REPLACE INTO reservation (session_id, call_number, amount_nano_usd, scopes, state) VALUES (?, ?, ?, ?, ?)',
      sessionId,
      callNumber,
      record.amountNanoUsd,
      JSON.stringify(record.scopes),
      record.state,
    );
  }
}
