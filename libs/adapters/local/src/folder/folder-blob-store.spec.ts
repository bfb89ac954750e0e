import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobStoreContract, runContract } from '@swe/testing/contracts';
import { FolderBlobStore } from './folder-blob-store';

runContract('FolderBlobStore', blobStoreContract, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'swe-blobs-'));
  return {
    subject: {
      blobs: new FolderBlobStore(folder),
      damage: async (sessionId, key) => {
        const path = join(folder, sessionId, key);
        const bytes = await readFile(path);
        bytes[bytes.length - 1]! ^= 1;
        await writeFile(path, bytes);
      },
    },
    close: () => rm(folder, { recursive: true }),
  };
});
