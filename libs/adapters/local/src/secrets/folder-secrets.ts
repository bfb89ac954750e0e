import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@swe/domain';
import type { Secrets } from '@swe/domain';

const UNREADABLE = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG']);

/**
 * Secrets as files of a folder, each named after its secret as a URL has it (`%2F` for a slash). A line break at a
 * file's end is an editor's, and no part of the secret. Read anew each time.
 */
export class FolderSecrets implements Secrets {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(name: string): Promise<string> {
    const path = join(this.#folder, encodeURIComponent(name));
    try {
      return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
    } catch (cause) {
      const { code = '' } = cause as { readonly code?: string };
      if (UNREADABLE.has(code)) {
        throw new Fault('missing', `There is no secret ${name}: its file would be ${path}.`, { cause });
      }
      throw new Fault('denied', `The secret ${name} can't be read from ${path}: ${code}.`, { cause });
    }
  }
}
