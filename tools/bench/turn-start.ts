import { DEFAULT_PATIENCE, DEFAULT_TURN_LIMITS, runSession } from '@swe/application/agent';
import type { AgentProfile } from '@swe/application/agent';
import { FREE, noUsage } from '@swe/domain';
import type { LanguageModel } from '@swe/domain';
import {
  ManualClock,
  MemoryBlobStore,
  MemoryChat,
  MemoryEventBus,
  MemorySnapshots,
  silentLogger,
} from '@swe/testing/memory';
import { openStore, say } from './store';

const PROFILE: AgentProfile = {
  system: 'You are a benchmark.',
  tools: [],
  limits: DEFAULT_TURN_LIMITS,
  patience: DEFAULT_PATIENCE,
  spending: { priceOf: () => FREE, capNanoUsd: 0 },
  endProcesses: async () => 0,
};

export interface TurnStart {
  /** Reading the whole journal. */
  readonly loadMs: number;
  /** From nothing, as a worker that was just started, to the turn's first model call with the whole context. */
  readonly startMs: number;
  readonly messages: number;
}

/** Opens the store at `path` as a new process does, and starts a turn of the session in it. */
export async function startTurn(path: string, sessionId: string): Promise<TurnStart> {
  using opened = openStore(path);
  await say(opened, 'And now the next one.');
  const beforeLoad = performance.now();
  for await (const _entry of opened.journal.read(sessionId, 1));
  const loadMs = performance.now() - beforeLoad;

  let startMs = 0;
  let messages = 0;
  const model: LanguageModel = {
    id: 'scripted/bench',
    async *stream(request) {
      startMs = performance.now() - begunAt;
      messages = request.messages.length;
      yield {
        type: 'finished',
        stop: 'end-turn',
        content: [{ type: 'text', text: 'Done.' }],
        usage: noUsage,
      };
    },
  };
  const begunAt = performance.now();
  using fresh = openStore(path);
  const ports = {
    store: fresh.store,
    journal: fresh.journal,
    outbox: fresh.outbox,
    ledger: fresh.ledger,
    chat: new MemoryChat(),
    blobs: new MemoryBlobStore(),
    snapshots: new MemorySnapshots(),
    bus: new MemoryEventBus(),
    models: [model],
    openModel: async () => model,
    // Nobody waits for anything here, so that nothing but the work is measured.
    clock: new ManualClock(),
    random: { fraction: () => 0.5 },
    logger: silentLogger,
    observe: () => undefined,
  } as const;
  await runSession(ports, { sessionId, holder: 'bench', generation: 0 }, PROFILE);
  return { loadMs, startMs, messages };
}
