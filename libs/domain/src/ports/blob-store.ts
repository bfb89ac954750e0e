import type { Page, PageRequest } from '../page';

/**
 * Large bytes, by session.
 *
 * - what was put is got back byte for byte
 * - bytes that do not match their hash are `invalid`, naming the key
 * - an unknown key is `missing`
 * - `deleteSession` removes everything of that session and nothing else
 */
export interface BlobStore {
  /** Returns the SHA-256 of the bytes, in hex. Putting a key again replaces it. */
  put(sessionId: string, key: string, bytes: Uint8Array): Promise<string>;
  get(sessionId: string, key: string): Promise<Uint8Array>;
  list(sessionId: string, page: PageRequest): Promise<Page<string>>;
  deleteSession(sessionId: string): Promise<void>;
}
