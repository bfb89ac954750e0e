import { repoForksContract, runContract } from '../contracts';
import { openMemoryRepoForks } from './open-memory-repo-forks';

runContract('MemoryRepoForks', repoForksContract, () => ({ subject: openMemoryRepoForks() }));
