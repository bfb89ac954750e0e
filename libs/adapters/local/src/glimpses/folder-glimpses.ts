import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkBlobKey, EMPTY_GLIMPSE, glimpse, isEmptyGlimpse } from '@swe/domain';
import type { Glimpse, Glimpses } from '@swe/domain';
import { mkdirs } from '../file-system';

/** Glimpses as files, one for each session that has one: replaced as a whole, and not flushed to the disk. */
export class FolderGlimpses implements Glimpses {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(sessionId: string, put: Glimpse): Promise<void> {
    const path = this.#path(sessionId);
    try {
      if (isEmptyGlimpse(put)) return await rm(path, { force: true });
      mkdirs(this.#folder);
      await writeFile(`${path}.unfinished`, JSON.stringify(put), { mode: 0o600 });
      await rename(`${path}.unfinished`, path);
    } catch {
      // Lost, as the port says: work does not end because nobody can watch.
    }
  }

  async get(sessionId: string): Promise<Glimpse> {
    const path = this.#path(sessionId);
    try {
      return glimpse.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch {
      return EMPTY_GLIMPSE;
    }
  }

  #path(sessionId: string): string {
    checkBlobKey(sessionId);
    return join(this.#folder, `${sessionId}.json`);
  }
}
