import { apiKey, Fault, jsonText } from '@swe/domain';
import type { ApiKey, ApiKeys } from '@swe/domain';
import { z } from 'zod';
import type { SqliteDatabase } from '../sqlite-database';

const keyRow = z.object({ key: jsonText(apiKey) });
const idRow = z.object({ id: z.string() });

export class SqliteApiKeys implements ApiKeys {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async create(key: ApiKey): Promise<void> {
    const sql = 'INSERT OR IGNORE INTO api_key (id, key) VALUES (?, ?) RETURNING id';
    const made = this.#database.write(() => this.#database.get(idRow, sql, key.id, JSON.stringify(key)));
    if (made === undefined) throw new Fault('conflict', `there is a key ${key.id}`);
  }

  async find(id: string): Promise<ApiKey | undefined> {
    return this.#database.get(keyRow, 'SELECT key FROM api_key WHERE id = ?', id)?.key;
  }

  async revoke(id: string): Promise<boolean> {
    const sql = 'DELETE FROM api_key WHERE id = ? RETURNING id';
    return this.#database.write(() => this.#database.get(idRow, sql, id)) !== undefined;
  }

  async list(): Promise<readonly ApiKey[]> {
    const rows = this.#database.all(keyRow, 'SELECT key FROM api_key ORDER BY created_at_ms, id');
    return rows.map(({ key }) => key);
  }
}
