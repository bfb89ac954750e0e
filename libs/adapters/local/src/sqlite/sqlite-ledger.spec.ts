import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ledgerContract, runContract, runLedgerHistories } from '@swe/testing/contracts';
import type { LedgerSubject, Opened } from '@swe/testing/contracts';
import type { SqliteDatabase } from '../sqlite-database';
import { SqliteLedger } from './sqlite-ledger';
import { openSqliteStore } from './sqlite-store';

/** A crashed ledger's connection stays open until the end: nobody was there to close it. */
function open(): Opened<LedgerSubject> {
  const folder = mkdtempSync(join(tmpdir(), 'swe-sqlite-'));
  const databases: SqliteDatabase[] = [];
  const openLedger = (): SqliteLedger => {
    const database = openSqliteStore(join(folder, 'store.sqlite'));
    databases.push(database);
    return new SqliteLedger(database);
  };
  return {
    subject: { ledger: openLedger(), reopen: async () => openLedger() },
    close: async () => {
      for (const database of databases) database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

runContract('SqliteLedger', ledgerContract, open);

runLedgerHistories('SqliteLedger', open, { numRuns: 50 });

it('totals and calls change together or not at all', async () => {
  const database = openSqliteStore(':memory:');
  const ledger = new SqliteLedger(database);
  const [known, unknown] = [1, 2].map((callNumber) => ({ sessionId: 's1', callNumber }));
  await ledger.reserve(known!, [{ name: 'session:s1' }], 7);
  database.run("CREATE TRIGGER full BEFORE INSERT ON reservation BEGIN SELECT RAISE(ABORT, 'full'); END");
  const writes = [
    () => ledger.reserve(unknown!, [{ name: 'session:s1' }], 7),
    () => ledger.settle(known!, 5, true),
    () => ledger.release(known!),
  ];
  for (const write of writes) {
    await expect(write()).rejects.toThrow('full');
    const untouched = { reservedNanoUsd: 7, spentNanoUsd: 0, estimatedNanoUsd: 0 };
    expect(await ledger.report('session:s1')).toEqual(untouched);
  }
  database.close();
});
