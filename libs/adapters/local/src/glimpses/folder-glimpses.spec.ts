import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { glimpsesContract, runContract } from '@swe/testing/contracts';
import { FolderGlimpses } from './folder-glimpses';

runContract('FolderGlimpses', glimpsesContract, async () => {
  const root = await mkdtemp(join(tmpdir(), 'swe-glimpses-'));
  const folder = join(root, 'glimpses');
  return {
    subject: {
      glimpses: new FolderGlimpses(folder),
      break: async () => {
        await rm(folder, { recursive: true });
        await writeFile(folder, 'in the way');
      },
    },
    close: () => rm(root, { recursive: true }),
  };
});
