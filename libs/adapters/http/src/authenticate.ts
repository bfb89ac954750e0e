import { timingSafeEqual } from 'node:crypto';
import { parseToken, secretHashOf } from '@swe/domain';
import type { ApiKey, ApiKeys, Clock } from '@swe/domain';

/**
 * The key that a request presents, undefined unless it is a good one: as a bearer token
 * (https://www.rfc-editor.org/rfc/rfc6750#section-2.1), else in the cookie of that name.
 */
export async function authenticate(
  { keys, clock }: { readonly keys: Pick<ApiKeys, 'find'>; readonly clock: Pick<Clock, 'nowMs'> },
  headers: Headers,
  cookie?: string,
): Promise<ApiKey | undefined> {
  const presented = parseToken(bearerOf(headers) ?? (cookie && cookieOf(headers, cookie)) ?? '');
  if (presented === undefined) return undefined;
  const key = await keys.find(presented.id);
  // Hashed also for a key that is not there: whether it is is not to be told by the time it takes.
  const given = Buffer.from(secretHashOf(presented.secret));
  const stored = Buffer.from(key?.secretHash ?? secretHashOf(''));
  const isRight = given.length === stored.length && timingSafeEqual(given, stored);
  return key !== undefined && isRight && key.expiresAtMs > clock.nowMs() ? key : undefined;
}

/**
 * Whether a page of another origin may have a browser send this: browsers add cookies by themselves, and to all ports of
 * a host. Every browser sends an `Origin` with what is no GET (https://fetch.spec.whatwg.org/#origin-header).
 */
export function isForged({ headers, url }: Request): boolean {
  if (bearerOf(headers) !== undefined) return false;
  return headers.get('origin') !== new URL(url).origin;
}

const bearerOf = (headers: Headers): string | undefined =>
  /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];

export function cookieOf(headers: Headers, name: string): string | undefined {
  const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}
