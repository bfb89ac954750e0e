const PREFIX = 'api:';

/** Where a session comes from that a key began, by the idempotency key of the call that did. */
export const apiOrigin = (keyId: string, idempotencyKey: string): string =>
  `${PREFIX}${keyId}/${idempotencyKey}`;

/** Whether people read there what is said to them from the store, so that it needs no delivery. */
export const isReadFromStore = (destination: string): boolean => destination.startsWith(PREFIX);
