import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { text } from '@swe/domain';
import type { JournalWrite } from '@swe/domain';
import { expectFault, incoming } from '@swe/testing/contracts';
import { z } from 'zod';
import type { SqliteDatabase } from '../sqlite-database';
import { SqliteJournal } from './sqlite-journal';
import { SqliteOutbox } from './sqlite-outbox';
import { SqliteSessionStore } from './sqlite-session-store';
import { openSqliteStore } from './sqlite-store';

let folder: string;
let database: SqliteDatabase;
let sessionId: string;
let fence: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swe-full-'));
  database = openSqliteStore(join(folder, 'store.sqlite'));
  const store = new SqliteSessionStore(database);
  ({ sessionId } = await store.receive(incoming('a')));
  ({ fence } = await store.takeLease({ sessionId, holder: 'h', generation: 0, dueAtMs: 1 }));
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

/** From now on the file holds not a page more. */
function fill(): void {
  const pages = z.object({ page_count: z.int() });
  database.run(`PRAGMA max_page_count = ${database.get(pages, 'PRAGMA page_count')?.page_count}`);
}

const makeRoom = (): unknown => database.run('PRAGMA max_page_count = 1000000');

/** More than a page of everything that one write can hold. */
function bigWrite(): JournalWrite {
  const words = 'x'.repeat(20_000);
  const post = {
    effectKey: 'k',
    sessionId,
    destination: 'terminal:1',
    class: 'message',
    createdAtMs: 1,
  } as const;
  const admitted = { atMs: 1, kind: 'message-admitted', inboxSeq: 1, requester: 'local:ada' } as const;
  return {
    sessionId,
    fence,
    entries: [{ ...admitted, content: [text(words)] }],
    outbox: [{ ...post, body: words }],
    admit: { cursor: 1, items: [{ seq: 1, revision: 0 }] },
    session: { status: 'working' },
  };
}

it('a full file refuses a write as transient, with nothing of it stored, and takes it once there is room', async () => {
  const [store, journal] = [new SqliteSessionStore(database), new SqliteJournal(database)];
  const before = await store.load(sessionId);
  fill();
  const { message } = await expectFault(journal.append(bigWrite()), 'transient');
  expect(message).toBe(
    `${join(folder, 'store.sqlite')} is full, or its disk is. Free some space, then try again.`,
  );
  expect(await store.load(sessionId)).toEqual(before);
  expect(await Array.fromAsync(journal.read(sessionId, 1))).toEqual([]);
  expect(await new SqliteOutbox(database).listUndelivered(sessionId)).toEqual([]);
  makeRoom();
  expect(await journal.append(bigWrite())).toBe(1);
  expect(await store.load(sessionId)).toMatchObject({ status: 'working', cursor: 1 });
});

it('a full file refuses a message as transient, so that it is not acknowledged, and takes it later', async () => {
  const store = new SqliteSessionStore(database);
  const message = incoming('b', { body: { kind: 'text', text: 'x'.repeat(20_000) } });
  fill();
  await expectFault(store.receive(message), 'transient');
  expect(await store.findMessage('b')).toBeUndefined();
  makeRoom();
  expect(await store.receive(message)).toMatchObject({ seq: 2, duplicate: false });
});
