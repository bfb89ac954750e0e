import { runContract, sessionStoreContract } from '../contracts';
import { MemoryOutbox } from './memory-outbox';
import { MemorySessionStore } from './memory-session-store';
import { MemoryStore } from './memory-store';

runContract('MemorySessionStore', sessionStoreContract, () => {
  const data = new MemoryStore();
  return { subject: { store: new MemorySessionStore(data), outbox: new MemoryOutbox(data) } };
});
