import { Fault } from '@swe/domain';
import type { ApiKey, ApiKeys } from '@swe/domain';

export class MemoryApiKeys implements ApiKeys {
  readonly #keys = new Map<string, ApiKey>();

  async create(key: ApiKey): Promise<void> {
    if (this.#keys.has(key.id)) throw new Fault('conflict', `there is a key ${key.id}`);
    this.#keys.set(key.id, key);
  }

  async find(id: string): Promise<ApiKey | undefined> {
    return this.#keys.get(id);
  }

  async revoke(id: string): Promise<boolean> {
    return this.#keys.delete(id);
  }

  async list(): Promise<readonly ApiKey[]> {
    return [...this.#keys.values()].sort((a, b) => a.createdAtMs - b.createdAtMs);
  }
}
