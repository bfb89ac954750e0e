import { outboxContract, runContract } from '../contracts';
import { MemoryOutbox } from './memory-outbox';
import { MemorySessionStore } from './memory-session-store';
import { MemoryStore } from './memory-store';

runContract('MemoryOutbox', outboxContract, () => {
  const shared = new MemoryStore();
  return { subject: { outbox: new MemoryOutbox(shared), store: new MemorySessionStore(shared) } };
});
