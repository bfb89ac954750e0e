import { runContract, secretsContract } from '../contracts';
import { openMemorySecrets } from './open-memory-secrets';

runContract('MemorySecrets', secretsContract, () => ({ subject: openMemorySecrets() }));
