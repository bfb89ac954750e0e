import { Fault, jsonText, session } from '@swe/domain';
import type { Lease, Session } from '@swe/domain';
import { z } from 'zod';
import { naming } from './naming';
import type { SqliteDatabase } from '../sqlite-database';

const LEASE = 'id, lease_holder, lease_generation, lease_fence, lease_revision';
const leaseRow = z.object({
  id: z.string(),
  lease_holder: z.string().nullable(),
  lease_generation: z.int(),
  lease_fence: z.int(),
  lease_revision: z.int(),
});
type LeaseRow = z.infer<typeof leaseRow>;

const sessionRow = leaseRow.extend({ session: jsonText(session), head: z.int() });
export type SessionRow = z.infer<typeof sessionRow>;

export function findSessionRow(database: SqliteDatabase, sessionId: string): SessionRow | undefined {
  const sql = `SELECT session, head, ${LEASE} FROM session WHERE id = ?`;
  return naming(sessionId, () => database.get(sessionRow, sql, sessionId));
}

/** Throws `missing` for an unknown session. */
export function loadSessionRow(database: SqliteDatabase, sessionId: string): SessionRow {
  return known(findSessionRow(database, sessionId), sessionId);
}

/** Of a session that is not read with it. Throws `missing` for an unknown one. */
export function loadHeldLease(database: SqliteDatabase, sessionId: string): Lease | undefined {
  const sql = `SELECT ${LEASE} FROM session WHERE id = ?`;
  return heldLease(
    known(
      naming(sessionId, () => database.get(leaseRow, sql, sessionId)),
      sessionId,
    ),
  );
}

export function heldLease(row: LeaseRow): Lease | undefined {
  if (row.lease_holder === null) return undefined;
  return {
    sessionId: row.id,
    holder: row.lease_holder,
    generation: row.lease_generation,
    fence: row.lease_fence,
    revision: row.lease_revision,
  };
}

export function saveSession(database: SqliteDatabase, changed: Session): Session {
  database.run('UPDATE session SET session = ? WHERE id = ?', JSON.stringify(changed), changed.id);
  return changed;
}

function known<T>(row: T | undefined, sessionId: string): T {
  if (row === undefined) throw new Fault('missing', `there is no session ${sessionId}`);
  return row;
}

/** Throws `conflict` when `changed` ends its session while the inbox holds a message after its cursor. */
export function checkEnd({ session, head }: SessionRow, changed: Session): void {
  if (changed.status !== 'ended' || session.status === 'ended' || head === changed.cursor) return;
  throw new Fault('conflict', `session ${session.id} cannot end: a message came in`);
}
