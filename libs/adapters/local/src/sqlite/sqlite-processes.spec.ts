import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sessionIdOf } from '@swe/domain';
import type { JournalEntry, JournalEntryOf } from '@swe/domain';
import { SqliteJournal, SqliteSessionStore, openSqliteStore } from './index';

const sessionId = sessionIdOf('terminal:1', 1);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-sqlite-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a process killed while it appends leaves every promised entry, without a gap', async () => {
  const child = start('append', 'killed');
  const promised: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    promised.push(Number(line));
    if (promised.length === 40) child.kill('SIGKILL');
  }
  expect(promised.length).toBeGreaterThanOrEqual(40);
  const { entries, store, close } = await read();
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
  expect(entries.length).toBeGreaterThanOrEqual(Math.max(...promised));
  // Both entries of the last append and its session change are there, or none of them.
  expect(entries.length % 2).toBe(0);
  expect(await store.load(sessionId)).toMatchObject({ title: `${entries.length / 2}` });
  close();
}, 30_000);

it('processes that race for one session get every message through once, one lease holder at a time', async () => {
  const children = ['ada', 'ben', 'cem'].map((name) => start('race', name));
  const codes = await Promise.all(
    children.map(async (child) => ((await once(child, 'exit')) as [number])[0]),
  );
  expect(codes).toEqual([0, 0, 0]);

  const { entries, store, close } = await read();
  const inbox = await store.readInbox(sessionId, 0);
  expect(inbox.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  expect(inbox.every(({ outcome }) => outcome?.kind === 'stopped')).toBe(true);
  expect(entries.map(({ seq }) => seq)).toEqual(inbox.map(({ seq }) => seq));

  const marks = entries.map((entry) => (entry as JournalEntryOf<'effect-intended'>).what.split(' '));
  expect(marks.map(([messageKey]) => messageKey)).toEqual(inbox.map(({ messageKey }) => messageKey));
  const fences = marks.map(([, fence]) => Number(fence));
  expect(fences).toEqual(fences.toSorted((a, b) => a - b));
  const holders = new Set(marks.map(([, fence, holder]) => `${fence} ${holder}`));
  expect(holders.size).toBe(new Set(fences).size);
  close();
}, 30_000);

function start(mode: string, name: string) {
  return spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join(import.meta.dirname, 'sqlite-processes.child.ts'),
      mode,
      join(folder, 'store.sqlite'),
      name,
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { TSX_TSCONFIG_PATH: join(import.meta.dirname, '../../tsconfig.json') },
    },
  );
}

async function read() {
  const database = openSqliteStore(join(folder, 'store.sqlite'));
  const entries: JournalEntry[] = [];
  for await (const entry of new SqliteJournal(database).read(sessionId, 1)) entries.push(entry);
  return { entries, store: new SqliteSessionStore(database), close: () => database.close() };
}
