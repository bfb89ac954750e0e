import { repoHostContract, runContract } from '../contracts';
import { openMemoryRepoHost } from './open-memory-repo-host';

runContract('MemoryRepoHost', repoHostContract, () => ({ subject: openMemoryRepoHost() }));
