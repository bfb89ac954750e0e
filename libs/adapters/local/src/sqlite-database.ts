import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { Fault } from '@swe/domain';
import { z } from 'zod';
import { mkdirs } from './file-system';
import { damaged, toFault } from './sqlite-to-fault';

/** How long a statement waits for another process's write, which takes milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;

const checkRow = z.object({ quick_check: z.string() });
const versionRow = z.object({ user_version: z.int() });

/**
 * A file's tables, as the steps that made them: the first makes version 1 of an empty file, each further one the next
 * version. A step that was released is never changed.
 */
export type SqliteMigrations = readonly string[];

interface WaitingWrite {
  /** Gives what tells that it is stored. */
  act(): () => void;
  reject(error: unknown): void;
}

/**
 * One SQLite file, which any number of processes may have open at once. Made with its folder when absent. Throws
 * `invalid` when the file is no database, damaged, or written by a newer version, and `denied` when it can't be
 * opened or written; each names the file and says what to do.
 */
export class SqliteDatabase {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #waiting: WaitingWrite[] = [];

  constructor(path: string, migrations: SqliteMigrations) {
    this.#path = path;
    makeFolder(path);
    this.#database = this.#translate(() => new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS }));
    try {
      this.#prepare(migrations);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** Runs `work` as one write transaction: all of it is stored when this returns, none of it when this throws. */
  write<T>(work: () => T): T {
    return this.#translate(() => {
      // Immediate, because a transaction that reads first and writes later cannot wait for another writer.
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#database.exec('COMMIT');
        return result;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /**
   * As `write`, in one transaction, which is flushed once, with all that is to be written until whoever runs now has
   * nothing left to do. What throws is undone alone.
   */
  writeTogether<T>(work: () => T): Promise<T> {
    if (this.#waiting.length === 0) process.nextTick(() => this.#writeWaiting());
    return new Promise((resolve, reject) => {
      const act = () => {
        const result = work();
        return () => resolve(result);
      };
      this.#waiting.push({ act, reject });
    });
  }

  /** Runs a statement and returns how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#translate(() => Number(this.#statement(sql).run(...values).changes));
  }

  get<T>(row: z.ZodType<T>, sql: string, ...values: SQLInputValue[]): T | undefined {
    const found = this.#translate(() => this.#statement(sql).get(...values));
    return found === undefined ? undefined : this.#read(row, found);
  }

  all<T>(row: z.ZodType<T>, sql: string, ...values: SQLInputValue[]): T[] {
    return this.#translate(() => this.#statement(sql).all(...values)).map((found) => this.#read(row, found));
  }

  /** Reads every page, which takes seconds for a large file, and throws `invalid` when one is damaged. */
  check(): void {
    const [first] = this.all(checkRow, 'PRAGMA quick_check(1)');
    if (first?.quick_check !== 'ok') throw damaged(this.#path, first?.quick_check);
  }

  close(): void {
    this.#database.close();
  }

  #writeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    let answers: readonly (() => void)[];
    try {
      answers = this.write(() => waiting.map((each) => this.#writeOne(each)));
    } catch (error) {
      answers = waiting.map(
        ({ reject }) =>
          () =>
            reject(error),
      );
    }
    answers.forEach((answer) => answer());
  }

  /** Gives what to answer once the transaction is stored. */
  #writeOne({ act, reject }: WaitingWrite): () => void {
    this.#database.exec('SAVEPOINT one');
    try {
      const answer = act();
      this.#database.exec('RELEASE one');
      return answer;
    } catch (error) {
      // A full disk undoes all of it.
      if (!this.#database.isTransaction) throw error;
      this.#database.exec('ROLLBACK TO one; RELEASE one');
      return () => reject(toFault(error, this.#path));
    }
  }

  #prepare(migrations: SqliteMigrations): void {
    this.#translate(() => {
      this.#enterWal();
      // FULL: what was accepted survives a power cut, at one fsync per transaction. WAL with NORMAL would not do.
      this.#database.exec('PRAGMA synchronous = FULL');
    });
    if (this.#version() === migrations.length) return;
    this.write(() => {
      const found = this.#version();
      if (found > migrations.length) {
        throw new Fault(
          'invalid',
          `${this.#path} was written by a newer version of this program. Update the program, or name another file.`,
        );
      }
      for (const step of migrations.slice(found)) this.#database.exec(step);
      this.#database.exec(`PRAGMA user_version = ${migrations.length}`);
    });
  }

  /** SQLite does not wait for the lock that the switch to WAL needs, so the first few processes may collide here. */
  #enterWal(): void {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#database.exec('PRAGMA journal_mode = WAL');
        return;
      } catch (error) {
        const fault = toFault(error, this.#path);
        if (attempt === 100 || !(fault instanceof Fault) || fault.kind !== 'transient') throw error;
        pause(10);
      }
    }
  }

  #version(): number {
    return this.get(versionRow, 'PRAGMA user_version')?.user_version ?? 0;
  }

  /** SQLite sees that pages fit together, not what the rows on them hold. */
  #read<T>(row: z.ZodType<T>, found: unknown): T {
    const parsed = row.safeParse(found);
    if (!parsed.success) throw damaged(this.#path, parsed.error);
    return parsed.data;
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #translate<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toFault(error, this.#path);
    }
  }
}

function makeFolder(path: string): void {
  try {
    mkdirs(dirname(path));
  } catch (cause) {
    const problem = `${dirname(path)} cannot be made. Name a folder that can be written.`;
    throw new Fault('denied', problem, { cause });
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
