import { copyFileSync } from 'node:fs';
import {
  openSqliteStore,
  SqliteJournal,
  SqliteLedger,
  SqliteOutbox,
  SqliteSessionStore,
} from '@swe/adapter-local/sqlite';
import type { NewJournalEntry } from '@swe/domain';

export interface Store extends Disposable {
  readonly store: SqliteSessionStore;
  readonly journal: SqliteJournal;
  readonly outbox: SqliteOutbox;
  readonly ledger: SqliteLedger;
}

/** The twin's store in a file. */
export function openStore(path: string): Store {
  const database = openSqliteStore(path);
  return {
    store: new SqliteSessionStore(database),
    journal: new SqliteJournal(database),
    outbox: new SqliteOutbox(database),
    ledger: new SqliteLedger(database),
    [Symbol.dispose]: () => database.close(),
  };
}

let messages = 0;

export async function say({ store }: Pick<Store, 'store'>, words: string): Promise<string> {
  messages += 1;
  const from = { origin: 'terminal:bench', requester: 'local:ada', addressed: true, receivedAtMs: messages };
  const body = { kind: 'text', text: words } as const;
  return (await store.receive({ ...from, messageKey: `m${messages}`, body })).sessionId;
}

/** Makes the file at `path` hold a session whose turns are over, and returns its id. */
export async function makeStore(path: string, entries: readonly NewJournalEntry[]): Promise<string> {
  using opened = openStore(path);
  const { store, journal } = opened;
  const sessionId = await say(opened, 'Go.');
  const lease = await store.takeLease({ sessionId, holder: 'bench', generation: 0, dueAtMs: 1 });
  const { fence } = lease;
  const admit = { cursor: 1, items: [{ seq: 1, revision: 0 }] };
  await journal.append({ sessionId, fence, entries: [], admit });
  for (let at = 0; at < entries.length; at += 100) {
    await journal.append({ sessionId, fence, entries: entries.slice(at, at + 100) });
  }
  const outcome = { kind: 'answered', replyKey: 'r' } as const;
  const over = { kind: 'state-changed', atMs: 1, from: 'working', to: 'waiting', outcome } as const;
  await journal.append({ sessionId, fence, entries: [over], outcomes: [{ seq: 1, outcome }] });
  await store.releaseLease(lease, {});
  return sessionId;
}

/** A closed store is one file. */
export function copyStore(from: string, to: string): void {
  copyFileSync(from, to);
}
