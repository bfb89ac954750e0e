import { apiKeysContract, runContract } from '../contracts';
import { MemoryApiKeys } from './memory-api-keys';

runContract('MemoryApiKeys', apiKeysContract, () => ({ subject: new MemoryApiKeys() }));
