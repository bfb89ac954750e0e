import { ManualClock } from './manual-clock';
import { MemoryBlobStore } from './memory-blob-store';
import { MemoryChat } from './memory-chat';
import { MemoryEventBus } from './memory-event-bus';
import { MemoryJournal } from './memory-journal';
import { MemoryLedger } from './memory-ledger';
import { MemoryOutbox } from './memory-outbox';
import { MemorySessionStore } from './memory-session-store';
import { MemorySnapshots } from './memory-snapshots';
import { MemoryStore } from './memory-store';
import { ScriptedLanguageModel } from './scripted-language-model';
import type { ScriptedTurn } from './scripted-language-model';
import { silentLogger } from './silent-logger';

/** All that an agent asks of the outside, over one store in memory, and a model that gives these answers. */
export function memoryAgentPorts(answers: readonly ScriptedTurn[]) {
  const data = new MemoryStore();
  const model = new ScriptedLanguageModel(answers);
  return {
    data,
    model,
    store: new MemorySessionStore(data),
    journal: new MemoryJournal(data),
    outbox: new MemoryOutbox(data),
    ledger: new MemoryLedger(data),
    chat: new MemoryChat(),
    blobs: new MemoryBlobStore(),
    snapshots: new MemorySnapshots(),
    bus: new MemoryEventBus(),
    clock: new ManualClock(),
    models: [model] as const,
    openModel: async (_id: string) => model,
    random: { fraction: () => 0.5 },
    logger: silentLogger,
    observe: (): void => undefined,
  };
}
