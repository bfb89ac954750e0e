import { outboxContract, runContract } from '../contracts';
import { MemoryOutbox } from './memory-outbox';

runContract('MemoryOutbox', outboxContract, () => ({ subject: new MemoryOutbox() }));
