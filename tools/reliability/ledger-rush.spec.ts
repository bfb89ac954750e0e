import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { openSqliteStore, SqliteLedger } from '@swe/adapter-local/sqlite';
import type { Ledger } from '@swe/domain';
import { MemoryLedger, MemoryStore } from '@swe/testing/memory';
import { expectLedgerEqualsBill } from './expect-ledger-equals-bill';
import { ledgerRush } from './ledger-rush';

jest.setTimeout(60_000);

const SESSIONS = 1_000;
const CONNECTIONS = 4;

type Ledgers = readonly [Ledger, ...Ledger[]];
type Opened = { readonly ledgers: Ledgers; close(): void };

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

const stores: readonly (readonly [string, () => Opened])[] = [
  ['memory', () => ({ ledgers: [new MemoryLedger(new MemoryStore())], close: () => undefined })],
  ['SQLite', openSqlite],
];

function openSqlite(): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'swe-rush-'));
  const open = () => openSqliteStore(join(folder, 'store.sqlite'));
  const databases = [open(), ...Array.from({ length: CONNECTIONS - 1 }, open)] as const;
  const [first, ...others] = databases;
  return {
    ledgers: [new SqliteLedger(first), ...others.map((database) => new SqliteLedger(database))],
    close() {
      for (const database of databases) database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function ledgersOf(open: () => Opened): Ledgers {
  const { ledgers, close } = open();
  closing.push(close);
  return ledgers;
}

describe.each(stores)('a thousand model calls at once against one cap, in %s', (_name, open) => {
  it('never go above it, and the ledger equals the bill, whoever dies', async () => {
    const result = await ledgerRush(ledgersOf(open), 1, { sessions: SESSIONS });
    expectLedgerEqualsBill(result);
    expect(result.mostNanoUsd).toBeLessThanOrEqual(result.capNanoUsd);
    expect(result.deaths).toBeGreaterThan(SESSIONS / 10);
    expect(result.denied).toBeGreaterThan(SESSIONS / 10);
  });

  it('go above it where nothing is set aside for them: the control', async () => {
    const result = await ledgerRush(ledgersOf(open), 1, { sessions: SESSIONS, reserves: false });
    expect(result.mostNanoUsd).toBeGreaterThan(result.capNanoUsd);
  });
});
