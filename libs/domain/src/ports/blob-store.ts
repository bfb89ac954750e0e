import type { Page, PageRequest } from '../page';

/**
 * Large bytes, by session. A key is a path of names: `attachment/call-1-2`.
 *
 * - what was put is got back byte for byte, of the key it was put last
 * - bytes that do not match their hash are `invalid`, naming the key
 * - an unknown key is `missing`; one that is no path of plain names is `invalid`
 * - `list` gives every key of the session once, sorted, page by page
 * - a deleted key is `missing`, and deleting it again changes nothing
 * - `deleteSession` removes everything of that session and nothing else
 */
export interface BlobStore {
  /** Returns the SHA-256 of the bytes, in hex. Putting a key again replaces it. */
  put(sessionId: string, key: string, bytes: Uint8Array): Promise<string>;
  get(sessionId: string, key: string): Promise<Uint8Array>;
  list(sessionId: string, page: PageRequest): Promise<Page<string>>;
  delete(sessionId: string, key: string): Promise<void>;
  deleteSession(sessionId: string): Promise<void>;
}
