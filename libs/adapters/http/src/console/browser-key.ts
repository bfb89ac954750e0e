import { newKey, secretHashOf, tokenOf } from '@swe/domain';
import type { ApiKey, ApiKeys, Clock, Random } from '@swe/domain';

export interface BrowserKeyPorts {
  readonly keys: Pick<ApiKeys, 'create' | 'list' | 'revoke'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Pick<Random, 'id'>;
}

/** For whom a browser speaks, how far, and for how long. */
export interface BrowserKeyWish extends Pick<ApiKey, 'name' | 'scopes'> {
  readonly requester: string;
  readonly maxAgeSeconds: number;
}

export interface SignedIn {
  /** A key, as its holder presents it. */
  readonly token: string;
  readonly maxAgeSeconds: number;
}

/**
 * Makes the key of a browser that is let in, which outlives the process that lets it in. Keys of the same person that
 * have expired go: every sign-in leaves one.
 */
export async function makeBrowserKey(
  ports: BrowserKeyPorts,
  { requester, maxAgeSeconds, ...wish }: BrowserKeyWish,
): Promise<SignedIn> {
  const { keys, clock, random } = ports;
  const createdAtMs = clock.nowMs();
  const { id, secret } = newKey([random.id(), random.id(), random.id()]);
  await keys.create({
    ...wish,
    id,
    secretHash: secretHashOf(secret),
    createdBy: requester,
    actsAs: requester,
    createdAtMs,
    expiresAtMs: createdAtMs + maxAgeSeconds * 1_000,
  });
  await dropExpired(ports, requester);
  return { token: tokenOf({ id, secret }), maxAgeSeconds };
}

async function dropExpired({ keys, clock }: BrowserKeyPorts, requester: string): Promise<void> {
  const theirs = (await keys.list()).filter(({ actsAs }) => actsAs === requester);
  const expired = theirs.filter(({ expiresAtMs }) => expiresAtMs <= clock.nowMs());
  await Promise.all(expired.map(({ id }) => keys.revoke(id)));
}
