import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { text } from '@swe/domain';
import type { NewJournalEntry } from '@swe/domain';
import { incoming } from '@swe/testing/contracts';
import type { SqliteDatabase } from '../sqlite-database';
import { SqliteJournal } from './sqlite-journal';
import { SqliteSessionStore } from './sqlite-session-store';
import { openSqliteStore } from './sqlite-store';

const SHORT = 100;
const LONG = 5_000;
const ENTRY: NewJournalEntry = {
  kind: 'tool-finished',
  atMs: 1,
  callId: 'c',
  name: 'bash',
  content: [text('x'.repeat(1_500))],
  isError: false,
  durationMs: 1,
};

let folder: string;
let path: string;
let database: SqliteDatabase;
let journal: SqliteJournal;
let sessionId: string;
let fence: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swe-long-'));
  path = join(folder, 'store.sqlite');
  database = openSqliteStore(path);
  journal = new SqliteJournal(database);
  const store = new SqliteSessionStore(database);
  ({ sessionId } = await store.receive(incoming('a')));
  ({ fence } = await store.takeLease({ sessionId, holder: 'h', generation: 0, dueAtMs: 1 }));
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

async function append(count: number): Promise<void> {
  await journal.append({ sessionId, fence, entries: Array(count).fill(ENTRY), session: { updatedAtMs: 1 } });
}

/** How many statements `work` has the database run. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const spies = [jest.spyOn(database, 'all'), jest.spyOn(database, 'get'), jest.spyOn(database, 'run')];
  await work();
  const count = spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  spies.forEach((spy) => spy.mockRestore());
  return count;
}

/** How many bytes go to the disk for fifty appends of one entry each. */
async function bytesOfFifty(): Promise<number> {
  database.run('PRAGMA wal_checkpoint(TRUNCATE)');
  for (let i = 0; i < 50; i += 1) await append(1);
  return statSync(`${path}-wal`).size;
}

it('a long journal is read in batches, each with one query', async () => {
  await append(LONG);
  const read = async () => expect(await Array.fromAsync(journal.read(sessionId, 1))).toHaveLength(LONG);
  expect(await statementsOf(read)).toBeLessThanOrEqual(LONG / 200 + 1);
});

it('an append asks and writes as much as at the beginning, however long the journal is', async () => {
  await append(SHORT);
  const short = { statements: await statementsOf(() => append(1)), bytes: await bytesOfFifty() };
  await append(LONG - SHORT);
  const long = { statements: await statementsOf(() => append(1)), bytes: await bytesOfFifty() };
  expect(long.statements).toBe(short.statements);
  // The tree of pages is one level higher: a page more where one is split.
  expect(long.bytes / short.bytes).toBeLessThan(1.2);
});
