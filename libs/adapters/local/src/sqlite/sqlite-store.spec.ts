import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { journalContract, outboxContract, runContract, sessionStoreContract } from '@swe/testing/contracts';
import type { JournalSubject, Opened } from '@swe/testing/contracts';
import type { SqliteDatabase } from '../sqlite-database';
import { SqliteJournal } from './sqlite-journal';
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
  open((database) => new SqliteSessionStore(database)),
);

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
