import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { text } from '@swe/domain';
import { expectFault, incoming } from '@swe/testing/contracts';
import { z } from 'zod';
import type { SqliteDatabase } from '../sqlite-database';
import { SqliteJournal } from './sqlite-journal';
import { SqliteSessionStore } from './sqlite-session-store';
import { openSqliteStore } from './sqlite-store';

const ENTRIES = 100;

let folder: string;
let path: string;
let hurt: string;
let whole: string;
/** Two sessions, each with a journal over many pages. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swe-damaged-'));
  path = join(folder, 'store.sqlite');
  hurt = await write('a');
  whole = await write('b');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function opened<T>(work: (database: SqliteDatabase) => Promise<T>): Promise<T> {
  const database = openSqliteStore(path);
  return work(database).finally(() => database.close());
}

const message = (key: string) => incoming(key, { origin: `terminal:${key}` });

function write(key: string): Promise<string> {
  return opened(async (database) => {
    const store = new SqliteSessionStore(database);
    const { sessionId } = await store.receive(message(key));
    const { fence } = await store.takeLease({ sessionId, holder: 'h', generation: 0, dueAtMs: 1 });
    const result = {
      kind: 'tool-finished',
      callId: 'c',
      name: 'bash',
      isError: false,
      durationMs: 1,
    } as const;
    const entry = { ...result, atMs: 1, content: [text('x'.repeat(1_000))] };
    await new SqliteJournal(database).append({ sessionId, fence, entries: Array(ENTRIES).fill(entry) });
    return sessionId;
  });
}

async function lengthOf(sessionId: string): Promise<number> {
  const read = (database: SqliteDatabase) => Array.fromAsync(new SqliteJournal(database).read(sessionId, 1));
  return (await opened(read)).length;
}

function change(sql: string, ...values: readonly (string | number)[]): void {
  const database = new DatabaseSync(path);
  database.prepare(sql).run(...values);
  database.close();
}

/** Overwrites the page in the middle of the hurt session's journal. */
function overwritePage(): void {
  const database = new DatabaseSync(path);
  const sql =
    "SELECT pageno FROM dbstat WHERE name = 'journal' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 5";
  const { pageno } = z.object({ pageno: z.int() }).parse(database.prepare(sql).get());
  const { page_size: size } = z
    .object({ page_size: z.int() })
    .parse(database.prepare('PRAGMA page_size').get());
  database.close();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(size, 0xa5), 0, size, (pageno - 1) * size);
  closeSync(file);
}

describe('a damaged page', () => {
  beforeEach(overwritePage);

  it('makes the journal on it unreadable, naming file, session and what to do, and no other', async () => {
    const { message } = await expectFault(lengthOf(hurt), 'invalid');
    for (const words of [hurt, path, 'is damaged', 'Put a copy in its place'])
      expect(message).toContain(words);
    expect(await lengthOf(whole)).toBe(ENTRIES);
  });

  it('lets the file be opened, sessions be listed, and others be written', () =>
    opened(async (database) => {
      const store = new SqliteSessionStore(database);
      expect((await store.list({ limit: 9 })).items.map(({ id }) => id).sort()).toEqual([hurt, whole].sort());
      expect(await store.receive(incoming('more', { origin: 'terminal:b' }))).toMatchObject({ seq: 2 });
    }));

  it('is found by a check', () =>
    opened(async (database) =>
      expect(() => database.check()).toThrow('store.sqlite is damaged. Put a copy'),
    ));
});

it('a whole file passes the check', () =>
  opened(async (database) => expect(() => database.check()).not.toThrow()));

it('a journal that lacks rows is refused instead of read as if it were whole', async () => {
  change('DELETE FROM journal WHERE session_id = ? AND seq = ?', hurt, 7);
  const { message } = await expectFault(lengthOf(hurt), 'invalid');
  expect(message).toContain(`session ${hurt} lacks entry 7`);
  expect(await lengthOf(whole)).toBe(ENTRIES);
});

it.each([
  ['its row', "UPDATE session SET session = json_set(session, '$.status', 'flying') WHERE id = ?"],
  ['its row’s JSON', "UPDATE inbox SET item = '{' WHERE session_id = ?"],
])('a session is named when %s holds what was never written', async (_what, sql) => {
  change(sql, hurt);
  await opened(async (database) => {
    const store = new SqliteSessionStore(database);
    const read = async (id: string) => [await store.load(id), await store.readInbox(id, 0)];
    const { message } = await expectFault(read(hurt), 'invalid');
    for (const words of [hurt, path, 'is damaged']) expect(message).toContain(words);
    await read(whole);
  });
});
