import type { ApiKey } from '../access/api-key';

/**
 * Keys of the HTTP API. Whether one has expired is for its reader to judge.
 *
 * - a key is found by its id as it was created, and no other
 * - an id is given once: creating it again is a `conflict` and changes nothing
 * - a revoked key is found no more; revoking tells whether there was one
 * - `list` gives every key once, oldest first
 */
export interface ApiKeys {
  create(key: ApiKey): Promise<void>;
  find(id: string): Promise<ApiKey | undefined>;
  revoke(id: string): Promise<boolean>;
  list(): Promise<readonly ApiKey[]>;
}
