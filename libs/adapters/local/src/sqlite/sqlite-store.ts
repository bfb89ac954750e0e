import { SqliteDatabase } from '../sqlite-database';
import type { SqliteMigrations } from '../sqlite-database';

/**
 * Sessions, inboxes, journals, the outbox, the ledger, approvals and API keys. Domain values are JSON; a column beside them is what a statement
 * compares or sorts by. `head` and the lease lie outside a session's JSON because they do not count as its changes.
 */
const MIGRATIONS: SqliteMigrations = [
  `
    CREATE TABLE session (
      id TEXT PRIMARY KEY,
      session TEXT NOT NULL,
      head INTEGER NOT NULL DEFAULT 0,
      lease_holder TEXT,
      lease_fence INTEGER NOT NULL DEFAULT 0,
      lease_revision INTEGER NOT NULL DEFAULT 0,
      lease_due_at_ms INTEGER,
      created_at_ms INTEGER NOT NULL AS (session ->> 'createdAtMs'),
      cursor INTEGER NOT NULL AS (session ->> 'cursor'),
      retry_at_ms INTEGER AS (session ->> 'retryAtMs'),
      wake_at_ms INTEGER AS (session ->> 'wakeAtMs')
    ) STRICT;
    CREATE INDEX session_by_age ON session (created_at_ms, id);
    CREATE INDEX session_by_dueness ON session (id)
      WHERE head > cursor OR lease_holder IS NOT NULL OR retry_at_ms IS NOT NULL OR wake_at_ms IS NOT NULL;

    CREATE TABLE alias (origin TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session) STRICT;

    CREATE TABLE inbox (
      session_id TEXT NOT NULL REFERENCES session,
      seq INTEGER NOT NULL,
      message_key TEXT NOT NULL UNIQUE,
      item TEXT NOT NULL,
      PRIMARY KEY (session_id, seq)
    ) STRICT;

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
      lapses_at_ms INTEGER,
      attempts INTEGER NOT NULL DEFAULT 0,
      receipt TEXT
    ) STRICT;
    CREATE INDEX outbox_undelivered ON outbox (session_id, position) WHERE receipt IS NULL;
  `,
  // Generations, edits, posts in parts, and when each of them is due.
  `
    ALTER TABLE session ADD COLUMN lease_generation INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE session ADD COLUMN manage_at_ms INTEGER AS (session ->> 'manageAtMs');
    DROP INDEX session_by_dueness;
    CREATE INDEX session_by_dueness ON session (id)
      WHERE head > cursor OR lease_holder IS NOT NULL OR retry_at_ms IS NOT NULL OR wake_at_ms IS NOT NULL
        OR manage_at_ms IS NOT NULL;

    CREATE TABLE edit (edit_key TEXT PRIMARY KEY) STRICT;

    ALTER TABLE outbox RENAME TO outbox_1;
    DROP INDEX outbox_undelivered;
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
    INSERT INTO outbox (position, effect_key, session_id, entry, attempts, receipts, due_at_ms, settled)
      SELECT position, effect_key, session_id, entry, attempts,
        iif(receipt IS NULL, '[]', json_array(receipt)), entry ->> 'createdAtMs', receipt IS NOT NULL
      FROM outbox_1;
    DROP TABLE outbox_1;
    CREATE INDEX outbox_undelivered ON outbox (session_id, position) WHERE settled = 0;
    CREATE INDEX outbox_by_dueness ON outbox (due_at_ms) WHERE settled = 0;
  `,
  // Money.
  `
    CREATE TABLE ledger_scope (
      name TEXT PRIMARY KEY,
      reserved_nano_usd INTEGER NOT NULL,
      spent_nano_usd INTEGER NOT NULL,
      estimated_nano_usd INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE reservation (
      session_id TEXT NOT NULL,
      call_number INTEGER NOT NULL,
      amount_nano_usd INTEGER NOT NULL,
      scopes TEXT NOT NULL,
      state TEXT NOT NULL,
      PRIMARY KEY (session_id, call_number)
    ) STRICT;
  `,
  // Who was let in.
  `
    CREATE TABLE approval (
      workspace TEXT NOT NULL,
      person TEXT NOT NULL,
      approved_by TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      PRIMARY KEY (workspace, person)
    ) STRICT;
  `,
  // When the host of a session's pull requests is asked.
  `
    ALTER TABLE session ADD COLUMN poll_at_ms INTEGER AS (session ->> 'pollAtMs');
    DROP INDEX session_by_dueness;
    CREATE INDEX session_by_dueness ON session (id)
      WHERE head > cursor OR lease_holder IS NOT NULL OR retry_at_ms IS NOT NULL OR wake_at_ms IS NOT NULL
        OR manage_at_ms IS NOT NULL OR poll_at_ms IS NOT NULL;
  `,
  // Keys of the HTTP API.
  `
    CREATE TABLE api_key (
      id TEXT PRIMARY KEY,
      key TEXT NOT NULL,
      created_at_ms INTEGER NOT NULL AS (key ->> 'createdAtMs')
    ) STRICT;
  `,
];

/**
 * Opens the store's file for `SqliteSessionStore`, `SqliteJournal`, `SqliteOutbox`, `SqliteLedger`, `SqliteAccess` and
 * `SqliteApiKeys`;
 * see `SqliteDatabase`.
 */
export function openSqliteStore(path: string): SqliteDatabase {
  return new SqliteDatabase(path, MIGRATIONS);
}
