import { runContract, sessionStoreContract } from '../contracts';
import { MemorySessionStore } from './memory-session-store';

runContract('MemorySessionStore', sessionStoreContract, () => ({ subject: new MemorySessionStore() }));
