import { createHash } from 'node:crypto';
import { checkBlobKey, Fault } from '@swe/domain';
import type { BlobStore, Page, PageRequest } from '@swe/domain';
import { pageOf } from './page-of';

interface Stored {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

export class MemoryBlobStore implements BlobStore {
  readonly #sessions = new Map<string, Map<string, Stored>>();

  async put(sessionId: string, key: string, bytes: Uint8Array): Promise<string> {
    checkBlobKey(key);
    const sha256 = hashOf(bytes);
    this.#session(sessionId).set(key, { sha256, bytes: bytes.slice() });
    return sha256;
  }

  async get(sessionId: string, key: string): Promise<Uint8Array> {
    const { sha256, bytes } = this.stored(sessionId, key);
    if (hashOf(bytes) !== sha256)
      throw new Fault('invalid', `blob ${key} of session ${sessionId} is damaged`);
    return bytes.slice();
  }

  async list(sessionId: string, page: PageRequest): Promise<Page<string>> {
    return pageOf([...this.#session(sessionId).keys()].sort(), page, (key) => key);
  }

  async delete(sessionId: string, key: string): Promise<void> {
    checkBlobKey(key);
    this.#session(sessionId).delete(key);
  }

  async deleteSession(sessionId: string): Promise<void> {
    this.#sessions.delete(sessionId);
  }

  /** As it lies there, unchecked. */
  stored(sessionId: string, key: string): Stored {
    const found = this.#session(sessionId).get(key);
    if (found === undefined) throw new Fault('missing', `session ${sessionId} has no blob ${key}`);
    return found;
  }

  #session(sessionId: string): Map<string, Stored> {
    const blobs = this.#sessions.get(sessionId) ?? new Map<string, Stored>();
    this.#sessions.set(sessionId, blobs);
    return blobs;
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
