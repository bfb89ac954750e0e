import { newKey, secretHashOf, tokenOf } from '@swe/domain';
import type { ApiKey, ApiKeys, Clock, Random } from '@swe/domain';
import { ApiRefusal } from '@swe/domain/api';
import type { CreatedKey, KeyList, KeyResource, NewKeyRequest } from '@swe/domain/api';

export interface KeyPorts {
  readonly keys: ApiKeys;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Pick<Random, 'id'>;
}

const DAY_MS = 24 * 60 * 60_000;

/** Makes a key for `createdBy`, a requester. The text that opens anything is in what is returned, and nowhere else. */
export async function createKey(
  { keys, clock, random }: KeyPorts,
  createdBy: string,
  { name, scopes, expiresInDays }: NewKeyRequest,
): Promise<CreatedKey> {
  const { id, secret } = newKey([random.id(), random.id(), random.id()]);
  const createdAtMs = clock.nowMs();
  const key: ApiKey = {
    id,
    name,
    secretHash: secretHashOf(secret),
    scopes: [...new Set(scopes)],
    createdBy,
    createdAtMs,
    expiresAtMs: createdAtMs + expiresInDays * DAY_MS,
  };
  await keys.create(key);
  return { ...keyResourceOf(key), token: tokenOf({ id, secret }) };
}

export async function listKeys({ keys }: Pick<KeyPorts, 'keys'>): Promise<KeyList> {
  return { items: (await keys.list()).map(keyResourceOf) };
}

export async function revokeKey({ keys }: Pick<KeyPorts, 'keys'>, keyId: string): Promise<void> {
  if (!(await keys.revoke(keyId))) throw new ApiRefusal(404, `There is no key ${keyId}.`);
}

function keyResourceOf({ id, name, scopes, createdBy, createdAtMs, expiresAtMs }: ApiKey): KeyResource {
  const [createdAt, expiresAt] = [createdAtMs, expiresAtMs].map((ms) => new Date(ms).toISOString());
  return { id, name, scopes: [...scopes], createdBy, createdAt: createdAt ?? '', expiresAt: expiresAt ?? '' };
}
