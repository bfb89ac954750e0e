import { SqliteDatabase } from '../sqlite-database';
import type { SqliteSchema } from '../sqlite-database';

/**
 * Sessions, inboxes, journals and the outbox. Domain values are JSON; a column beside them is what a statement
 * compares or sorts by. `head` and the lease lie outside a session's JSON because they do not count as its changes.
 */
const SCHEMA: SqliteSchema = {
  version: 1,
  sql: `
    CREATE TABLE session (
      id TEXT PRIMARY KEY,
      session TEXT NOT NULL,
      head INTEGER NOT NULL DEFAULT 0,
      lease_holder TEXT,
      lease_generation INTEGER NOT NULL DEFAULT 0,
      lease_fence INTEGER NOT NULL DEFAULT 0,
      lease_revision INTEGER NOT NULL DEFAULT 0,
      lease_due_at_ms INTEGER,
      created_at_ms INTEGER NOT NULL AS (session ->> 'createdAtMs'),
      cursor INTEGER NOT NULL AS (session ->> 'cursor'),
      retry_at_ms INTEGER AS (session ->> 'retryAtMs'),
      wake_at_ms INTEGER AS (session ->> 'wakeAtMs'),
      manage_at_ms INTEGER AS (session ->> 'manageAtMs')
    ) STRICT;
    CREATE INDEX session_by_age ON session (created_at_ms, id);
    CREATE INDEX session_by_dueness ON session (id)
      WHERE head > cursor OR lease_holder IS NOT NULL OR retry_at_ms IS NOT NULL OR wake_at_ms IS NOT NULL
        OR manage_at_ms IS NOT NULL;

    CREATE TABLE alias (origin TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session) STRICT;

    CREATE TABLE inbox (
      session_id TEXT NOT NULL REFERENCES session,
      seq INTEGER NOT NULL,
      message_key TEXT NOT NULL UNIQUE,
      item TEXT NOT NULL,
      PRIMARY KEY (session_id, seq)
    ) STRICT;

    CREATE TABLE edit (edit_key TEXT PRIMARY KEY) STRICT;

    CREATE TABLE journal (
      session_id TEXT NOT NULL REFERENCES session,
      seq INTEGER NOT NULL,
      entry TEXT NOT NULL,
      PRIMARY KEY (session_id, seq)
    ) STRICT;

    CREATE TABLE outbox (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      effect_key TEXT NOT NULL UNIQUE,
      session_id TEXT NOT NULL,
      entry TEXT NOT NULL,
      claimant TEXT,
      attempts INTEGER NOT NULL DEFAULT 0,
      receipts TEXT NOT NULL DEFAULT '[]',
      due_at_ms INTEGER NOT NULL,
      settled INTEGER NOT NULL DEFAULT 0,
      refusal TEXT
    ) STRICT;
    CREATE INDEX outbox_undelivered ON outbox (session_id, position) WHERE settled = 0;
    CREATE INDEX outbox_by_dueness ON outbox (due_at_ms) WHERE settled = 0;
  `,
};

/** Opens the store's file for `SqliteSessionStore`, `SqliteJournal` and `SqliteOutbox`; see `SqliteDatabase`. */
export function openSqliteStore(path: string): SqliteDatabase {
  return new SqliteDatabase(path, SCHEMA);
}
