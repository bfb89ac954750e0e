import type { ApiKeys } from '@swe/domain';
import { MemoryApiKeys } from '../memory/memory-api-keys';
import { apiKeysContract } from './api-keys.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(changesOf: (keys: ApiKeys) => Partial<ApiKeys>) {
  return () => {
    const keys = new MemoryApiKeys();
    return { subject: override<ApiKeys>(keys, changesOf(keys)) };
  };
}

proveBites('ApiKeys', apiKeysContract, {
  'a key is found by its id as it was created, and no other': broken((keys) => ({
    find: async (id) => (await keys.list()).find((key) => key.id.startsWith(id)),
  })),
  'an id is given once: creating it again is a `conflict` and changes nothing': broken((keys) => ({
    async create(key) {
      await keys.revoke(key.id);
      await keys.create(key);
    },
  })),
  'a revoked key is found no more; revoking tells whether there was one': broken(() => ({
    revoke: async () => true,
  })),
  '`list` gives every key once, oldest first': broken((keys) => ({
    list: async () => (await keys.list()).toReversed(),
  })),
});
