import { expect } from '@jest/globals';
import type { ApiKey, ApiKeys } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export const apiKeysContract = {
  async 'a key is found by its id as it was created, and no other'(keys) {
    await keys.create(keyOf('k1'));
    expect(await keys.find('k1')).toEqual(keyOf('k1'));
    expect(await keys.find('k')).toBeUndefined();
    expect(await keys.find('k11')).toBeUndefined();
  },

  async 'an id is given once: creating it again is a `conflict` and changes nothing'(keys) {
    await keys.create(keyOf('k1'));
    await expectFault(keys.create(keyOf('k1', { scopes: ['admin'], secretHash: 'other' })), 'conflict');
    expect(await keys.find('k1')).toEqual(keyOf('k1'));
  },

  async 'a revoked key is found no more; revoking tells whether there was one'(keys) {
    await keys.create(keyOf('k1'));
    await keys.create(keyOf('k2'));
    expect(await keys.revoke('k3')).toBe(false);
    expect(await keys.revoke('k1')).toBe(true);
    expect(await keys.revoke('k1')).toBe(false);
    expect(await keys.find('k1')).toBeUndefined();
    expect(await keys.list()).toEqual([keyOf('k2')]);
  },

  async '`list` gives every key once, oldest first'(keys) {
    const made = [3, 1, 2].map((createdAtMs) => keyOf(`k${9 - createdAtMs}`, { createdAtMs }));
    for (const key of made) await keys.create(key);
    expect(await keys.list()).toEqual(made.toSorted((a, b) => a.createdAtMs - b.createdAtMs));
  },
} satisfies Contract<ApiKeys>;

function keyOf(id: string, changes: Partial<ApiKey> = {}): ApiKey {
  const times = { createdAtMs: 1, expiresAtMs: 2 };
  return {
    id,
    name: 'CI',
    secretHash: 'hash',
    scopes: ['run'],
    createdBy: 'local:ada',
    ...times,
    ...changes,
  };
}
