import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import {
  openSqliteStore,
  SqliteJournal,
  SqliteLedger,
  SqliteOutbox,
  SqliteSessionStore,
} from '@swe/adapter-local/sqlite';
import { DEFAULT_PATIENCE, DEFAULT_TURN_LIMITS, runSession } from '@swe/application/agent';
import { FREE } from '@swe/domain';
import { incoming } from '@swe/testing/contracts';
import {
  ManualClock,
  MemoryBlobStore,
  MemoryChat,
  MemoryEventBus,
  MemorySnapshots,
  ScriptedLanguageModel,
  silentLogger,
} from '@swe/testing/memory';
import type { ScriptedTurn } from '@swe/testing/memory';
import { z } from 'zod';

const profile = {
  system: 'You are a test.',
  tools: [],
  limits: DEFAULT_TURN_LIMITS,
  patience: DEFAULT_PATIENCE,
  spending: { priceOf: () => FREE, capNanoUsd: 0 },
  endProcesses: async () => 0,
};

let folder: string;
let database: ReturnType<typeof openSqliteStore>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-full-'));
  database = openSqliteStore(join(folder, 'store.sqlite'));
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

it('a store that fills up in the middle of a turn ends the run, and the next one ends the turn, once', async () => {
  const store = new SqliteSessionStore(database);
  const chat = new MemoryChat();
  const { sessionId } = await store.receive(incoming('a'));
  const fills: ScriptedTurn = () => {
    const pages = z.object({ page_count: z.int() });
    const count = database.get(pages, 'PRAGMA page_count')?.page_count;
    database.run(`PRAGMA max_page_count = ${count}`);
    return { say: 'x'.repeat(50_000) };
  };
  const model = new ScriptedLanguageModel([fills, { say: 'Done.' }]);
  const ports = {
    store,
    journal: new SqliteJournal(database),
    outbox: new SqliteOutbox(database),
    ledger: new SqliteLedger(database),
    chat,
    blobs: new MemoryBlobStore(),
    snapshots: new MemorySnapshots(),
    bus: new MemoryEventBus(),
    models: [model],
    openModel: async () => model,
    clock: new ManualClock(),
    random: { fraction: () => 0.5 },
    logger: silentLogger,
    observe: () => undefined,
  } as const;
  const run = () => runSession(ports, { sessionId, holder: 'agent', generation: 0 }, profile);

  await expect(run()).rejects.toMatchObject({
    kind: 'transient',
    message: expect.stringContaining('is full'),
  });
  const kinds = async () => (await Array.fromAsync(ports.journal.read(sessionId, 1))).map(({ kind }) => kind);
  expect((await kinds()).at(-1)).toBe('model-call-started');

  database.run('PRAGMA max_page_count = 1000000');
  expect(await run()).toMatchObject({ outcome: { kind: 'answered' } });
  expect(chat.seen('terminal:1')).toEqual(['Done.']);
  expect((await store.readInbox(sessionId, 0)).map(({ outcome }) => outcome?.kind)).toEqual(['answered']);
  model.assertDone();
});
