import { Fault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';
import { z } from 'zod';

const sqliteError = z.object({ code: z.literal('ERR_SQLITE_ERROR'), errcode: z.int() });

/** The files beside it are its newest pages, which would be taken for those of a database that follows it. */
const RESCUE =
  'Put a copy in its place, or move it away, with its -wal and -shm files, to start anew; the command ".recover" of ' +
  'sqlite3 saves what is whole';

/** By primary result code, https://www.sqlite.org/rescode.html; the extended code adds higher bits. */
const FAULTS: ReadonlyMap<number, readonly [FaultKind, string]> = new Map([
  [5, ['transient', 'is in use by another process. Try again']], // SQLITE_BUSY
  [6, ['transient', 'is in use by another process. Try again']], // SQLITE_LOCKED
  [8, ['denied', 'cannot be written. Check who owns it and its permissions']], // SQLITE_READONLY
  [10, ['transient', 'could not be read or written by the disk. Check the disk, then try again']], // SQLITE_IOERR
  [11, ['invalid', `is damaged. ${RESCUE}`]], // SQLITE_CORRUPT
  [13, ['transient', 'is full, or its disk is. Free some space, then try again']], // SQLITE_FULL
  [14, ['denied', 'cannot be opened. Check that its folder exists and can be written']], // SQLITE_CANTOPEN
  [26, ['invalid', `is not an SQLite database. ${RESCUE}`]], // SQLITE_NOTADB
]);

/** What `error` means to a caller, naming the database's file; anything but a known SQLite error passes through. */
export function toFault(error: unknown, path: string): unknown {
  const parsed = sqliteError.safeParse(error);
  const known = parsed.success ? FAULTS.get(parsed.data.errcode & 0xff) : undefined;
  if (known === undefined) return error;
  const [kind, advice] = known;
  return new Fault(kind, `${path} ${advice}.`, { cause: error });
}

/** For a file whose pages do not fit together, or hold what was never written there. */
export function damaged(path: string, cause: unknown): Fault {
  return new Fault('invalid', `${path} is damaged. ${RESCUE}.`, { cause });
}
