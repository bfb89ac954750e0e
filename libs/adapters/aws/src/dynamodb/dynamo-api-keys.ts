import { apiKey, Fault } from '@swe/domain';
import type { ApiKey, ApiKeys } from '@swe/domain';
import { isNew } from './action';
import type { Item } from './action';
import type { DynamoTable } from './dynamo-table';
import { apiKeyKey, apiKeysPk } from './item-key';
import { parseItem } from './stored-item';

/** Above every sort key of an API key: `0` follows `/`. */
const BEHIND_ALL = 'key0';

/** Keys of the HTTP API in a DynamoDB table, all of them in one partition. */
export class DynamoApiKeys implements ApiKeys {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async create(key: ApiKey): Promise<void> {
    const at = apiKeyKey(key.id);
    await this.#table.transact(async () => {
      if ((await this.#table.get(at)) !== undefined) throw new Fault('conflict', `there is a key ${key.id}`);
      return { result: undefined, actions: [{ put: { ...at, ...key }, when: isNew }] };
    });
  }

  async find(id: string): Promise<ApiKey | undefined> {
    const item = await this.#table.get(apiKeyKey(id));
    return item && toApiKey(item);
  }

  async revoke(id: string): Promise<boolean> {
    const remove = apiKeyKey(id);
    return this.#table.transact(async () => {
      const isThere = (await this.#table.get(remove)) !== undefined;
      return { result: isThere, actions: isThere ? [{ remove, when: { has: ['id'] } }] : [] };
    });
  }

  async list(): Promise<readonly ApiKey[]> {
    const items = await Array.fromAsync(this.#table.query(apiKeysPk, 'key/', BEHIND_ALL));
    return items.map(toApiKey).sort((a, b) => a.createdAtMs - b.createdAtMs);
  }
}

function toApiKey(item: Item): ApiKey {
  return parseItem(apiKey, item, item);
}
