import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Fault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';
import { z } from 'zod';
import { SqliteDatabase } from './sqlite-database';

const migrations = [
  `
    CREATE TABLE parent (id TEXT PRIMARY KEY) STRICT;
    CREATE TABLE child (id TEXT PRIMARY KEY, parent TEXT NOT NULL REFERENCES parent) STRICT;
  `,
];
const open = (): SqliteDatabase => new SqliteDatabase(path, migrations);

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-sqlite-'));
  path = join(folder, 'some.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a file that cannot be used is refused, naming it and what to do', () => {
  it('no database', () => {
    writeFileSync(path, 'these are the notes of somebody else, '.repeat(200));
    expectRefusal('invalid', /is not an SQLite database\. Put a copy in its place, or move it away/);
  });

  it('damaged', () => {
    open().close();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    // The first page keeps its header and loses its table of contents.
    writeFileSync(path, Buffer.alloc(3_900, 0xff), { flag: 'r+', flush: true });
    expectRefusal('invalid', /some\.sqlite is (damaged|not an SQLite database)\. Put a copy/);
  });

  it('a folder', () => {
    mkdirSync(path);
    expectRefusal('denied', /cannot be opened\. Check that its folder/);
  });

  it('in a folder that cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    path = join(folder, 'file', 'home', 'some.sqlite');
    expectRefusal('denied', /home cannot be made\. Name a folder/);
  });

  it('of a newer version', () => {
    open().close();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expectRefusal('invalid', /newer version of this program\. Update/);
  });

  function expectRefusal(kind: FaultKind, message: RegExp): void {
    let refusal: unknown;
    try {
      open().close();
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(Fault);
    expect(refusal).toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(refusal).toMatchObject({ message: expect.stringContaining(folder) });
  }
});

it('a file can be open more than once, and keeps what was written', () => {
  const first = open();
  const second = open();
  first.write(() => first.run("INSERT INTO parent VALUES ('p')"));
  expect(second.run("INSERT INTO child VALUES ('c', 'p')")).toBe(1);
  first.close();
  second.close();
});

it('a write that throws leaves nothing behind and the next write works', () => {
  const database = open();
  const giveUp = (): void => {
    database.run("INSERT INTO parent VALUES ('p')");
    throw new Fault('conflict', 'no');
  };
  expect(() => database.write(giveUp)).toThrow('no');
  const insertChild = (): number => database.run("INSERT INTO child VALUES ('c', 'p')");
  expect(() => database.write(insertChild)).toThrow('FOREIGN KEY');
  database.write(() => database.run("INSERT INTO parent VALUES ('p')"));
  expect(database.write(insertChild)).toBe(1);
  database.close();
});

it('an older file is brought up to date, once, whoever opens it first, and one step at a time', () => {
  const older = open();
  older.run("INSERT INTO parent VALUES ('p')");
  const next = [
    "ALTER TABLE parent ADD COLUMN name TEXT NOT NULL DEFAULT 'none'",
    'CREATE TABLE other (id TEXT) STRICT',
  ];
  const [first, second] = [1, 2].map(() => new SqliteDatabase(path, [...migrations, ...next]));
  expect(first?.run("INSERT INTO other VALUES ('o')")).toBe(1);
  expect(second?.run("UPDATE parent SET name = 'some' WHERE name = 'none'")).toBe(1);
  for (const database of [older, first, second]) database?.close();
  expect(() => open()).toThrow('newer version');
});

it('a step that fails leaves the file as it was', () => {
  open().close();
  const broken = ['CREATE TABLE other (id TEXT) STRICT', 'no statement'];
  expect(() => new SqliteDatabase(path, [...migrations, ...broken])).toThrow();
  const database = open();
  expect(database.run("INSERT INTO parent VALUES ('p')")).toBe(1);
  database.close();
});

describe('what is written together', () => {
  const addParent = (database: SqliteDatabase, id: string) =>
    database.writeTogether(() => database.run('INSERT INTO parent VALUES (?)', id));

  it('is one transaction, of which what throws is undone alone', async () => {
    using database = disposable(open());
    const exec = jest.spyOn(DatabaseSync.prototype, 'exec');
    const ends = await Promise.allSettled([
      addParent(database.opened, 'a'),
      database.opened.writeTogether(() => {
        database.opened.run("INSERT INTO parent VALUES ('b')");
        throw new Fault('denied', 'not this one');
      }),
      addParent(database.opened, 'c'),
    ]);
    const commits = exec.mock.calls.filter(([sql]) => sql === 'COMMIT');
    exec.mockRestore();
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(ends[1]).toMatchObject({ reason: { kind: 'denied' } });
    expect(commits).toHaveLength(1);
    expect(parentsOf(database.opened)).toEqual(['a', 'c']);
  });

  it('is refused as a whole where it cannot be stored', async () => {
    const database = open();
    const writes = [addParent(database, 'a'), addParent(database, 'b')];
    database.close();
    const ends = await Promise.allSettled(writes);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    using again = disposable(open());
    expect(parentsOf(again.opened)).toEqual([]);
  });

  function parentsOf(database: SqliteDatabase): readonly string[] {
    return database
      .all(z.object({ id: z.string() }), 'SELECT id FROM parent ORDER BY id')
      .map(({ id }) => id);
  }

  function disposable(opened: SqliteDatabase) {
    return { opened, [Symbol.dispose]: () => opened.close() };
  }
});
