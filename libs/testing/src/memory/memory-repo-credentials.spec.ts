import { repoCredentialsContract, runContract } from '../contracts';
import { openMemoryRepoCredentials } from './open-memory-repo-credentials';

runContract('MemoryRepoCredentials', repoCredentialsContract, () => ({
  subject: openMemoryRepoCredentials(),
}));
