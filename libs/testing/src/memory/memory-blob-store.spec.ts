import { blobStoreContract, runContract } from '../contracts';
import { openMemoryBlobStore } from './open-memory-blob-store';

runContract('MemoryBlobStore', blobStoreContract, () => ({ subject: openMemoryBlobStore() }));
