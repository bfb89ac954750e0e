import { createHash, randomUUID } from 'node:crypto';
import { open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { checkBlobKey, Fault } from '@swe/domain';
import type { BlobStore, Page, PageRequest } from '@swe/domain';
import { codeOf, mkdirs, unlessFull } from '../file-system';

const HASH_BYTES = 32;
/** Keys begin with a letter or digit, so this is no key of anybody. */
const UNFINISHED = '.unfinished-';

/**
 * Blobs as files: `<folder>/<session>/<key>` holds the SHA-256 of the bytes, then the bytes. A file is written beside
 * its place, flushed and renamed, so a key holds the old bytes or the new ones, whenever the machine dies.
 */
export class FolderBlobStore implements BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(sessionId: string, key: string, bytes: Uint8Array): Promise<string> {
    const path = this.#path(sessionId, key);
    const hash = hashOf(bytes);
    try {
      await write(path, hash, bytes).catch((error: unknown) => {
        // The folder was deleted with the last blob in it, just when it was there already.
        if (codeOf(error) === 'ENOENT') return write(path, hash, bytes);
        throw error;
      });
    } catch (error) {
      throw unlessFull(error, this.#folder);
    }
    return hash.toString('hex');
  }

  async get(sessionId: string, key: string): Promise<Uint8Array> {
    const stored = await readStored(this.#path(sessionId, key));
    if (stored === undefined) throw new Fault('missing', `session ${sessionId} has no blob ${key}`);
    const bytes = stored.subarray(HASH_BYTES);
    if (!stored.subarray(0, HASH_BYTES).equals(hashOf(bytes))) {
      const problem = `Blob ${key} of session ${sessionId} is damaged`;
      throw new Fault('invalid', `${problem}. Put a copy of it in its place, in ${this.#folder}.`);
    }
    return new Uint8Array(bytes);
  }

  async list(sessionId: string, { limit, after = '' }: PageRequest): Promise<Page<string>> {
    const keys = (await this.#keys(sessionId)).filter((key) => key > after);
    const items = keys.slice(0, limit);
    const last = items.at(-1);
    return last === undefined || keys.length <= limit ? { items } : { items, next: last };
  }

  async delete(sessionId: string, key: string): Promise<void> {
    const path = this.#path(sessionId, key);
    await rm(path, { force: true });
    // A folder that others write to is not empty, or is made again by who comes just then.
    if (dirname(path) !== this.#sessionFolder(sessionId)) await rmdir(dirname(path)).catch(() => undefined);
  }

  async deleteSession(sessionId: string): Promise<void> {
    await rm(this.#sessionFolder(sessionId), { recursive: true, force: true });
  }

  async #keys(sessionId: string): Promise<string[]> {
    const root = this.#sessionFolder(sessionId);
    try {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && !entry.name.startsWith(UNFINISHED))
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  }

  #path(sessionId: string, key: string): string {
    checkBlobKey(key);
    return join(this.#sessionFolder(sessionId), key);
  }

  #sessionFolder(sessionId: string): string {
    checkBlobKey(sessionId);
    return join(this.#folder, sessionId);
  }
}

async function write(path: string, hash: Buffer, bytes: Uint8Array): Promise<void> {
  const unfinished = join(dirname(path), `${UNFINISHED}${randomUUID()}`);
  mkdirs(dirname(path));
  try {
    await using file = await open(unfinished, 'wx', 0o600);
    await file.writev([hash, bytes]);
    await file.sync();
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function readStored(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
