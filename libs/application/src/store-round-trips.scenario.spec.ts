import { beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { FREE, noUsage } from '@swe/domain';
import type { LanguageModel } from '@swe/domain';
import {
  ManualClock,
  MemoryBlobStore,
  MemoryChat,
  MemoryEventBus,
  MemoryJournal,
  MemoryLedger,
  MemoryOutbox,
  MemorySessionStore,
  MemorySnapshots,
  MemoryStore,
  ScriptedLanguageModel,
  silentLogger,
} from '@swe/testing/memory';
import { DEFAULT_PATIENCE, DEFAULT_TURN_LIMITS, defineTool, runSession, said } from './agent';
import type { AgentPorts, AgentProfile } from './agent';

const STEPS = 120;
/** So long every call of the store takes, and nothing else does. */
const ROUND_TRIP_MS = 1_000;
/** Without what looks whether something came, and whether the lease still holds: nothing waits for that. */
const BESIDE = new Set(['readInbox', 'load', 'renewLease', 'listUndelivered']);

/** By model call: when it was made, and how many calls of the store were made until then. */
let made: { atMs: number; storeCalls: number }[];

beforeEach(async () => {
  made = [];
  const clock = new ManualClock();
  const data = new MemoryStore();
  let storeCalls = 0;
  const away = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        if (key === 'read') return value.bind(target);
        return async (...args: unknown[]): Promise<unknown> => {
          if (!BESIDE.has(String(key))) storeCalls += 1;
          await clock.sleep(ROUND_TRIP_MS);
          return Reflect.apply(value, target, args);
        };
      },
    });
  const store = new MemorySessionStore(data);
  const call = { name: 'look', input: {} };
  const scripted = new ScriptedLanguageModel([
    ...Array.from({ length: STEPS }, (_, i) => ({
      calls: [{ ...call, input: { at: i } }],
      usage: { ...noUsage, outputTokens: 1 },
    })),
    { say: 'Done.' },
  ]);
  const model: LanguageModel = {
    id: scripted.id,
    stream(request, signal) {
      made.push({ atMs: clock.monotonicMs(), storeCalls });
      return scripted.stream(request, signal);
    },
  };
  const ports: AgentPorts = {
    store: away(store),
    journal: away(new MemoryJournal(data)),
    ledger: away(new MemoryLedger(data)),
    outbox: away(new MemoryOutbox(data)),
    chat: new MemoryChat(),
    bus: new MemoryEventBus(),
    blobs: new MemoryBlobStore(),
    snapshots: new MemorySnapshots(),
    models: [model],
    openModel: async () => model,
    clock,
    random: { fraction: () => 0.5 },
    logger: silentLogger,
    observe: () => undefined,
  };
  const profile: AgentProfile = {
    system: 'You are a test.',
    tools: [
      defineTool({
        name: 'look',
        description: 'look',
        access: 'acts',
        input: z.object({ at: z.int() }),
        run: async ({ at }) => said(`seen ${at}`),
      }),
    ],
    limits: DEFAULT_TURN_LIMITS,
    patience: DEFAULT_PATIENCE,
    spending: { priceOf: () => FREE, capNanoUsd: 0 },
    endProcesses: async () => 0,
  };
  const from = { origin: 'terminal:t', requester: 'local:ada', addressed: true, receivedAtMs: clock.nowMs() };
  const { sessionId } = await store.receive({
    ...from,
    messageKey: 'm',
    body: { kind: 'text', text: 'Go.' },
  });
  const run = runSession(ports, { sessionId, holder: 'agent', generation: 0 }, profile);
  let isOver = false;
  void run.finally(() => (isOver = true));
  while (!isOver) await clock.advance(ROUND_TRIP_MS);
  await run;
  scripted.assertDone();
});

/** What came from each model call to the next. */
const differences = (of: (call: (typeof made)[number]) => number): readonly number[] =>
  made.slice(1).map((call, i) => of(call) - of(made[i]!));

describe('a step', () => {
  it('waits for the store twice: once before its model call, once before its tools', () => {
    const waits = differences(({ atMs }) => atMs / ROUND_TRIP_MS);
    expect(waits).toEqual(Array(STEPS).fill(2));
  });

  it('makes four calls of the store, as many after a hundred steps as at the beginning', () => {
    expect(differences(({ storeCalls }) => storeCalls)).toEqual(Array(STEPS).fill(4));
  });
});
