import type { Access, Approval } from '@swe/domain';
import { z } from 'zod';
import type { SqliteDatabase } from '../sqlite-database';

const approvalRow = z
  .object({ workspace: z.string(), person: z.string(), approved_by: z.string(), at_ms: z.int() })
  .transform(({ workspace, person, approved_by: by, at_ms: atMs }): Approval => ({
    workspace,
    person,
    by,
    atMs,
  }));

export class SqliteAccess implements Access {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async approve({ workspace, person, by, atMs }: Approval): Promise<void> {
    const sql = 'INSERT OR IGNORE INTO approval (workspace, person, approved_by, at_ms) VALUES (?, ?, ?, ?)';
    this.#database.write(() => this.#database.run(sql, workspace, person, by, atMs));
  }

  async revoke(workspace: string, person: string): Promise<void> {
    const sql = 'DELETE FROM approval WHERE workspace = ? AND person = ?';
    this.#database.write(() => this.#database.run(sql, workspace, person));
  }

  async isApproved(workspace: string, person: string): Promise<boolean> {
    const sql = 'SELECT * FROM approval WHERE workspace = ? AND person = ?';
    return this.#database.get(approvalRow, sql, workspace, person) !== undefined;
  }

  async list(workspace: string): Promise<readonly Approval[]> {
    const sql = 'SELECT * FROM approval WHERE workspace = ? ORDER BY at_ms, person';
    return this.#database.all(approvalRow, sql, workspace);
  }
}
