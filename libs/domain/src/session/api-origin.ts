import { createHash } from 'node:crypto';

const PREFIX = 'api:';

/** Where a session comes from that a key began, by the idempotency key of the call that did. */
export const apiOrigin = (keyId: string, idempotencyKey: string): string =>
  `${PREFIX}${keyId}/${idempotencyKey}`;

/** What tells a call that asks for the same from one that asks for something else under the same idempotency key. */
export const fingerprintOf = (request: object): string =>
  createHash('sha256').update(JSON.stringify(request)).digest('hex');

/** Whether people read there what is said to them from the store, so that it needs no delivery. */
export const isReadFromStore = (destination: string): boolean => destination.startsWith(PREFIX);
