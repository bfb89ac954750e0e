import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sessionIdOf } from '@swe/domain';
import type { JournalEntry, JournalEntryOf, LedgerReport } from '@swe/domain';
import { SqliteJournal, SqliteLedger, SqliteSessionStore, openSqliteStore } from './index';

const NAMES = ['ada', 'ben', 'cem'];
const sessionId = sessionIdOf('terminal:1', 1);
let folder: string;
const running = new Set<ReturnType<typeof start>>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-sqlite-'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  rmSync(folder, { recursive: true });
});

it('a process killed while it appends leaves every promised entry, without a gap', async () => {
  const child = start('append', 'killed');
  const promised: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    promised.push(Number(line));
    if (promised.length === 40) child.kill('SIGKILL');
  }
  expect(promised.length).toBeGreaterThanOrEqual(40);
  const { store, close, ...file } = read();
  const entries = await file.entries();
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
  expect(entries.length).toBeGreaterThanOrEqual(Math.max(...promised));
  // Both entries of the last append and its session change are there, or none of them.
  expect(entries.length % 2).toBe(0);
  expect(await store.load(sessionId)).toMatchObject({ title: `${entries.length / 2}` });
  close();
});

it('processes that race for one session get every message through once, one lease holder at a time', async () => {
  await endedWell(NAMES.map((name) => start('race', name)));

  const { store, close, ...file } = read();
  const entries = await file.entries();
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
});

it('processes that reserve against one cap at once fill it to the last call that fits, and no further', async () => {
  const children = NAMES.map((name) => start('spend', name));
  const printed = children.map(({ stdout }) => createInterface({ input: stdout })[Symbol.asyncIterator]());
  await endedWell(children);
  const granted = await Promise.all(printed.map(async (lines) => Number((await lines.next()).value)));

  const { ledger, close } = read();
  expect(granted.reduce((sum, each) => sum + each)).toBe(142);
  expect(await ledger.report('month:2026-11')).toMatchObject({ reservedNanoUsd: 994, spentNanoUsd: 0 });
  for (const [i, name] of NAMES.entries()) {
    expect(await ledger.report(`session:${name}`)).toMatchObject({ reservedNanoUsd: granted[i]! * 7 });
    expect(await ledger.listReserved(name)).toHaveLength(granted[i]! + 1);
  }
  close();
});

it('what a process killed between reserving and settling has reserved is counted and found', async () => {
  const child = start('call', 'killed');
  for await (const line of createInterface({ input: child.stdout })) {
    expect(line).toBe('reserved');
    child.kill('SIGKILL');
  }
  const { ledger, close } = read();
  expect(await ledger.report('month:2026-11')).toMatchObject({ reservedNanoUsd: 7, spentNanoUsd: 0 });
  const [reservation, ...others] = await ledger.listReserved('killed');
  expect([reservation, ...others]).toEqual([
    { key: { sessionId: 'killed', callNumber: 1 }, amountNanoUsd: 7 },
  ]);
  await ledger.settle(reservation!.key, reservation!.amountNanoUsd, true);
  expect(await ledger.report('month:2026-11')).toEqual({
    reservedNanoUsd: 0,
    spentNanoUsd: 7,
    estimatedNanoUsd: 7,
  });
  close();
});

it.each<[string, (report: LedgerReport) => boolean]>([
  ['reserved', ({ reservedNanoUsd, spentNanoUsd }) => spentNanoUsd >= 25 && reservedNanoUsd > 0],
  ['settled', ({ spentNanoUsd }) => spentNanoUsd >= 25],
])(
  'a process killed as soon as it is seen to have %s leaves totals that are the sum of its calls',
  async (_what, isSeen) => {
    const { ledger, close } = read();
    const child = start('calls', 'killed');
    const lines = Array.fromAsync(createInterface({ input: child.stdout }));
    while (child.exitCode === null && !isSeen(await ledger.report('month:2026-11'))) await setImmediate();
    child.kill('SIGKILL');
    const settled = Number((await lines).at(-1));

    const { reservedNanoUsd, spentNanoUsd } = await ledger.report('month:2026-11');
    const open = await ledger.listReserved('killed');
    expect(reservedNanoUsd).toBe(open.length * 7);
    // What was promised is there; the call after it may be, or be open.
    const calls = spentNanoUsd / 5;
    expect([settled, settled + 1]).toContain(calls);
    expect(open.map(({ key }) => key.callNumber)).toEqual(open.length === 0 ? [] : [calls + 1]);
    close();
  },
  30_000,
);

async function endedWell(children: readonly ReturnType<typeof start>[]): Promise<void> {
  const codes = await Promise.all(
    children.map(async (child) => ((await once(child, 'exit')) as [number])[0]),
  );
  expect(codes).toEqual(children.map(() => 0));
}

function start(mode: string, name: string) {
  const child = spawn(
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
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { TSX_TSCONFIG_PATH: join(import.meta.dirname, '../../tsconfig.json') },
    },
  );
  running.add(child);
  return child;
}

function read() {
  const database = openSqliteStore(join(folder, 'store.sqlite'));
  return {
    entries: () => Array.fromAsync<JournalEntry>(new SqliteJournal(database).read(sessionId, 1)),
    store: new SqliteSessionStore(database),
    ledger: new SqliteLedger(database),
    close: () => database.close(),
  };
}
