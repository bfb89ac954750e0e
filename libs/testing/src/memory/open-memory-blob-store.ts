import type { BlobStoreSubject } from '../contracts';
import { MemoryBlobStore } from './memory-blob-store';

/** A memory blob store with what its contract wants beside it. */
export function openMemoryBlobStore(blobs = new MemoryBlobStore()): BlobStoreSubject {
  return {
    blobs,
    damage: async (sessionId, key) => {
      const { bytes } = blobs.stored(sessionId, key);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
    },
  };
}
