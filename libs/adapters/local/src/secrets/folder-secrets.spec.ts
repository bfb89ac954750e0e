import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runContract, secretsContract } from '@swe/testing/contracts';
import { FolderSecrets } from './folder-secrets';

runContract('FolderSecrets', secretsContract, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  let isDamaged = false;
  const secrets = new FolderSecrets(folder);
  const damage = async (): Promise<void> => {
    for (const file of await readdir(folder)) {
      await rm(join(folder, file));
      await mkdir(join(folder, file));
    }
  };
  return {
    subject: {
      secrets: {
        async read(name) {
          if (isDamaged) await damage();
          return secrets.read(name);
        },
      },
      store: (name, value) => writeFile(join(folder, encodeURIComponent(name)), `${value}\n`),
      pass: async () => undefined,
      damageAnswers: () => void (isDamaged = true),
    },
    close: () => rm(folder, { recursive: true }),
  };
});

it.each(['..', '.', '', '../secret', 'x'.repeat(300)])('%j is no file’s name, and missing', async (name) => {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  await mkdir(join(folder, 'own'));
  await writeFile(join(folder, 'secret'), 'x');
  await expect(new FolderSecrets(join(folder, 'own')).read(name)).rejects.toMatchObject({
    kind: 'missing',
  });
  await rm(folder, { recursive: true });
});
