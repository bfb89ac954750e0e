import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from '@jest/globals';
import { newSession } from '@swe/domain';
import {
  accessContract,
  apiKeysContract,
  journalContract,
  outboxContract,
  runContract,
  sessionStoreContract,
} from '@swe/testing/contracts';
import type { JournalSubject, Opened } from '@swe/testing/contracts';
import type { SqliteDatabase } from '../sqlite-database';
import { SqliteAccess } from './sqlite-access';
import { SqliteApiKeys } from './sqlite-api-keys';
import { SqliteJournal } from './sqlite-journal';
import { SqliteLedger } from './sqlite-ledger';
import { SqliteOutbox } from './sqlite-outbox';
import { SqliteSessionStore } from './sqlite-session-store';
import { openSqliteStore } from './sqlite-store';

function open<Subject>(subjectOf: (database: SqliteDatabase) => Subject): Opened<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'swe-sqlite-'));
  const database = openSqliteStore(join(folder, 'store.sqlite'));
  return {
    subject: subjectOf(database),
    close: async () => {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

runContract('SqliteSessionStore', sessionStoreContract, () =>
  open((database) => ({ store: new SqliteSessionStore(database), outbox: new SqliteOutbox(database) })),
);

runContract('SqliteAccess', accessContract, () => open((database) => new SqliteAccess(database)));

runContract('SqliteApiKeys', apiKeysContract, () => open((database) => new SqliteApiKeys(database)));

runContract('SqliteOutbox', outboxContract, () =>
  open((database) => ({ outbox: new SqliteOutbox(database), store: new SqliteSessionStore(database) })),
);

runContract('SqliteJournal', journalContract, () =>
  open<JournalSubject>((database) => ({
    journal: new SqliteJournal(database),
    store: new SqliteSessionStore(database),
    outbox: new SqliteOutbox(database),
    plant: async (sessionId, entry) => {
      const sql = 'INSERT INTO journal (session_id, seq, entry) VALUES (?, ?, ?)';
      database.run(sql, sessionId, Number(entry['seq']), JSON.stringify(entry));
    },
  })),
);

it('a store of the first version is read on, with what it had yet to deliver', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swe-sqlite-'));
  const path = join(folder, 'store.sqlite');
  const [body, receivedAtMs] = [{ kind: 'text', text: 'Go.' } as const, 7];
  const from = { messageKey: 'm', origin: 'terminal:1', requester: 'local:ada', addressed: true };
  const { generation: _unknown, ...session } = newSession({ ...from, body, receivedAtMs }, 1);
  const { id } = session;
  const post = (effectKey: string) =>
    JSON.stringify({
      effectKey,
      sessionId: id,
      destination: 'terminal:1',
      class: 'message',
      body: 'x',
      createdAtMs: 9,
    });
  const old = new DatabaseSync(path);
  old.exec(FIRST_VERSION);
  old.prepare('INSERT INTO session (id, session, head) VALUES (?, ?, 0)').run(id, JSON.stringify(session));
  const insert = old.prepare(
    'INSERT INTO outbox (effect_key, session_id, entry, receipt) VALUES (?, ?, ?, ?)',
  );
  insert.run('delivered', id, post('delivered'), 'post-1');
  insert.run('waiting', id, post('waiting'), null);
  old.exec('PRAGMA user_version = 1');
  old.close();

  const database = openSqliteStore(path);
  const store = new SqliteSessionStore(database);
  expect(await store.load(id)).toMatchObject({ id, generation: 0 });
  const undelivered = await new SqliteOutbox(database).listUndelivered(id);
  expect(undelivered.map(({ entry, dueAtMs }) => [entry.effectKey, dueAtMs])).toEqual([['waiting', 9]]);
  expect(await store.listDue(9, { limit: 5 })).toEqual({ items: [id] });
  const ledger = new SqliteLedger(database);
  await ledger.reserve({ sessionId: id, callNumber: 1 }, [{ name: `session:${id}` }], 5);
  expect(await ledger.report(`session:${id}`)).toMatchObject({ reservedNanoUsd: 5 });
  database.close();
  rmSync(folder, { recursive: true });
});

/** As it was made then. */
const FIRST_VERSION = `
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
`;
