import type { BlobStore } from '@swe/domain';
import { MemoryBlobStore } from '../memory/memory-blob-store';
import { openMemoryBlobStore } from '../memory/open-memory-blob-store';
import { blobStoreContract } from './blob-store.contract';
import type { BlobStoreSubject } from './blob-store.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(changesOf: (blobs: MemoryBlobStore) => Partial<BlobStore>) {
  return (): { subject: BlobStoreSubject } => {
    const blobs = new MemoryBlobStore();
    return {
      subject: { ...openMemoryBlobStore(blobs), blobs: override<BlobStore>(blobs, changesOf(blobs)) },
    };
  };
}

proveBites('BlobStore', blobStoreContract, {
  'what was put is got back byte for byte, of the key it was put last': broken((blobs) => ({
    put: async (sessionId, key, bytes) => {
      const { items } = await blobs.list(sessionId, { limit: 100 });
      return items.includes(key) ? '' : blobs.put(sessionId, key, bytes);
    },
  })),
  'bytes that do not match their hash are `invalid`, naming the key': broken((blobs) => ({
    get: async (sessionId, key) => blobs.stored(sessionId, key).bytes,
  })),
  'an unknown key is `missing`; one that is no path of plain names is `invalid`': broken((blobs) => ({
    put: (sessionId, key, bytes) => blobs.put(sessionId, key.replaceAll(/[^\w/.-]/g, '_') || '_', bytes),
  })),
  '`list` gives every key of the session once, sorted, page by page': broken((blobs) => ({
    list: async (sessionId, page) => {
      const { items, ...rest } = await blobs.list(sessionId, page);
      return { items: items.slice(1), ...rest };
    },
  })),
  'a deleted key is `missing`, and deleting it again changes nothing': broken((blobs) => ({
    delete: async (sessionId, key) => {
      const { items } = await blobs.list(sessionId, { limit: 100 });
      const kin = items.filter((each) => each.startsWith(key.slice(0, key.lastIndexOf('/'))));
      for (const each of kin) await blobs.delete(sessionId, each);
    },
  })),
  '`deleteSession` removes everything of that session and nothing else': broken((blobs) => ({
    deleteSession: async (sessionId) => {
      if (sessionId === 's1') await blobs.deleteSession('s10');
      await blobs.deleteSession(sessionId);
    },
  })),
});
