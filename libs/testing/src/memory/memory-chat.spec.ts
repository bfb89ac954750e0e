import { chatContract, runContract } from '../contracts';
import { openMemoryChat } from './open-memory-chat';

runContract('MemoryChat', chatContract, () => ({ subject: openMemoryChat() }));
