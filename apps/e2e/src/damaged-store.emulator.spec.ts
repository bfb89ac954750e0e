import { closeSync, copyFileSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { BROKEN_LIBRARY } from './broken-library';
import { openMachine } from './swe';
import type { Machine } from './swe';

const MODEL = ['--model', 'rehearsal/fix-failing-test'];

let machine: Machine;
let root: string;
let store: string;
let sessionId: string;
/** Of a store that is well. */
let copy: string;
beforeAll(async () => {
  machine = openMachine();
  root = machine.makeRepository('fares', BROKEN_LIBRARY);
  store = join(machine.folder, 'swe', 'store.sqlite');
  copy = join(machine.folder, 'copy.sqlite');
  sessionId = await work();
  // Whoever closes a database last folds its log into it: the file is all there is.
  copyFileSync(store, copy);
});
beforeEach(() => {
  for (const beside of ['-wal', '-shm']) rmSync(store + beside, { force: true });
  copyFileSync(copy, store);
});
afterAll(() => machine.close());

/** A session with a whole job in its journal. */
async function work(): Promise<string> {
  const { stdout } = await machine.swe(['run', '--repo', root, '--task', 'Fix the fare.', ...MODEL]);
  return /Session (s\w+)/.exec(stdout)?.[1] ?? '';
}

async function expectOneLine(args: readonly string[], words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await machine.swe(args);
  for (const each of words) expect(stderr).toContain(each);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(exitCode).toBeGreaterThan(0);
}

async function expectDoctorToFind(words: string): Promise<void> {
  const { exitCode, stdout } = await machine.swe(['doctor', ...MODEL]);
  expect(exitCode).toBe(1);
  expect(stdout.replace(/\s+/g, ' ')).toContain(`FAIL folder ${words}`);
}

it('a store that is no database is one line everywhere that says which file and what to do', async () => {
  writeFileSync(store, 'these are the notes of somebody else');
  const words = [store, 'is not an SQLite database', 'Put a copy in its place, or move it away'];
  const commands = [
    ['sessions'],
    ['show', sessionId],
    ['run', '--resume', sessionId, ...MODEL],
    ['up', ...MODEL],
  ];
  for (const args of commands) await expectOneLine(args, words);
  await expectDoctorToFind(`${store} is not an SQLite database.`);
});

describe('a damaged page of a session’s journal', () => {
  beforeEach(overwritePage);

  it('is one line that names the session and the file, and is found by the doctor', async () => {
    const words = [sessionId, store, 'is damaged', 'Put a copy in its place'];
    await expectOneLine(['show', sessionId], words);
    await expectOneLine(['run', '--resume', sessionId, ...MODEL], words);
    await expectDoctorToFind(`${store} is damaged.`);
  });

  it('leaves other sessions alone, also new ones', async () => {
    const other = await work();
    const { exitCode, stdout } = await machine.swe(['show', other]);
    expect(stdout).toContain('open_pull_request');
    expect(exitCode).toBe(0);
    expect((await machine.swe(['sessions'])).stdout).toContain(sessionId);
  });
});

/** One in the middle of the journal's table. */
function overwritePage(): void {
  const database = new DatabaseSync(store);
  const pages = z
    .array(z.object({ pageno: z.int() }))
    .parse(
      database
        .prepare("SELECT pageno FROM dbstat WHERE name = 'journal' AND pagetype = 'leaf' ORDER BY path")
        .all(),
    );
  const { page_size: size } = z
    .object({ page_size: z.int() })
    .parse(database.prepare('PRAGMA page_size').get());
  database.close();
  const { pageno } = pages[Math.floor(pages.length / 2)] ?? { pageno: 0 };
  const file = openSync(store, 'r+');
  writeSync(file, Buffer.alloc(size, 0xa5), 0, size, (pageno - 1) * size);
  closeSync(file);
}
