import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readStaticFiles, toObjects } from '@swe/adapter-http/console';
import { repositoryRoot } from '../ensure-installed.mjs';
import type { KeyedObject } from './store-object';

export interface PageFiles {
  /** Below which they lie in the bucket: by the hash of them all. */
  readonly prefix: string;
  readonly objects: readonly KeyedObject[];
}

/** The console's files as they were built, each with its compressed copies. Throws where there are none. */
export async function pageFiles(folder = join(repositoryRoot, 'dist/apps/console')): Promise<PageFiles> {
  const files = await readStaticFiles(folder);
  if (!files.has('/index.html')) throw new Error(`there is no page in ${folder}: build it first`);
  const hash = createHash('sha256');
  const inOrder = [...(await toObjects(files))].toSorted(([one], [other]) => (one < other ? -1 : 1));
  for (const [name, bytes] of inOrder) {
    hash.update(`${name}\n${createHash('sha256').update(bytes).digest('hex')}\n`);
  }
  const prefix = `console/${hash.digest('hex')}/`;
  return { prefix, objects: inOrder.map(([name, bytes]) => ({ key: `${prefix}${name}`, bytes })) };
}
