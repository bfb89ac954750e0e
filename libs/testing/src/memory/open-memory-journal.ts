import type { JournalSubject } from '../contracts';
import { MemoryJournal } from './memory-journal';
import { MemoryOutbox } from './memory-outbox';
import { MemorySessionStore } from './memory-session-store';
import { MemoryStore } from './memory-store';

/** A memory journal with what its contract wants beside it. */
export function openMemoryJournal(shared = new MemoryStore()): JournalSubject {
  return {
    journal: new MemoryJournal(shared),
    store: new MemorySessionStore(shared),
    outbox: new MemoryOutbox(shared),
    plant: async (sessionId, entry) => {
      shared.record(sessionId).journal.push(JSON.stringify(entry));
    },
  };
}
