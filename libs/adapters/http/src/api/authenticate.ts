import { timingSafeEqual } from 'node:crypto';
import { parseToken, secretHashOf } from '@swe/domain';
import type { ApiKey, ApiKeys, Clock } from '@swe/domain';

/** The key that a request presents (https://www.rfc-editor.org/rfc/rfc6750#section-2.1), undefined unless it is a good one. */
export async function authenticate(
  { keys, clock }: { readonly keys: Pick<ApiKeys, 'find'>; readonly clock: Pick<Clock, 'nowMs'> },
  headers: Headers,
): Promise<ApiKey | undefined> {
  const [, token = ''] = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '') ?? [];
  const presented = parseToken(token);
  if (presented === undefined) return undefined;
  const key = await keys.find(presented.id);
  // Hashed also for a key that is not there: whether it is is not to be told by the time it takes.
  const given = Buffer.from(secretHashOf(presented.secret));
  const stored = Buffer.from(key?.secretHash ?? secretHashOf(''));
  const isRight = given.length === stored.length && timingSafeEqual(given, stored);
  return key !== undefined && isRight && key.expiresAtMs > clock.nowMs() ? key : undefined;
}
