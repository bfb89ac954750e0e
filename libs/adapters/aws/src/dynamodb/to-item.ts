import { createHash } from 'node:crypto';
import { Fault, shownBy } from '@swe/domain';
import type { Lease, OutboxEntry, Session } from '@swe/domain';
import type { Item } from './action';
import { ageOf, inboxKey, outboxKey, sessionKey, shardOf } from './item-key';
import type { StoredText } from './stored-text';

/**
 * How much text an item holds before it goes into a blob. An item may have 400 KB; but a partition takes 1,000 KB a
 * second, and a transaction writes twice, so that a few large items would slow their session down.
 */
export const MAX_PACK_BYTES = 100_000;
export const MAX_MESSAGE_BYTES = 100_000;
/** A transaction has at most 4 MB, and may hold dozens of posts. */
export const MAX_POST_BYTES = 32_000;
/** An item of marks holds the outcomes of a whole range of messages. */
export const MAX_OUTCOME_BYTES = 4_000;

const MAX_SESSION_BYTES = 380_000;

/** An unadmitted message makes its session due, whatever time it is. */
const ALWAYS_MS = 0;

/** What puts an item into the index that `listDue` reads, or with `undefined` takes it out. */
export function dueAttributes(
  sessionId: string,
  shards: number,
  dueAtMs: number | undefined,
): { readonly dueShard: number | undefined; readonly dueAtMs: number | undefined } {
  return { dueShard: dueAtMs === undefined ? undefined : shardOf(sessionId, shards), dueAtMs };
}

/** Throws `invalid` for a session that no item can hold. */
export function toSessionItem(session: Session, shards: number): Item {
  const { id, revision, cursor, capNanoUsd, retryAtMs, wakeAtMs, manageAtMs, pollAtMs } = session;
  const value = JSON.stringify(session);
  if (Buffer.byteLength(value) > MAX_SESSION_BYTES) {
    throw new Fault('invalid', `session ${id} is too large to be stored: ${value.length} characters`);
  }
  const times = [retryAtMs, wakeAtMs, manageAtMs, pollAtMs].filter((atMs) => atMs !== undefined);
  return {
    ...sessionKey(id),
    ageShard: shardOf(id, shards),
    age: ageOf(session),
    ...dueAttributes(id, shards, times.length === 0 ? undefined : Math.min(...times)),
    revision,
    cursor,
    capNanoUsd,
    value,
  };
}

export function toInboxItem(sessionId: string, seq: number, value: StoredText, shards: number): Item {
  return { ...inboxKey(sessionId, seq), ...dueAttributes(sessionId, shards, ALWAYS_MS), value };
}

/** The attributes of a held lease. */
export function leaseAttributes(
  { sessionId, holder, generation, fence, revision }: Lease,
  dueAtMs: number,
  shards: number,
): Readonly<Record<string, unknown>> {
  return { holder, generation, fence, revision, ...dueAttributes(sessionId, shards, dueAtMs) };
}

/** What a free lease keeps is its fence, its revision and the journal's number. */
export const freeLeaseAttributes = { holder: undefined, dueShard: undefined, dueAtMs: undefined } as const;

/** An outbox entry that is new, or a known status that shows something else now. */
export function outboxAttributes(
  entry: OutboxEntry,
  value: StoredText,
  shards: number,
): Readonly<Record<string, unknown>> {
  return {
    value,
    bodyHash: bodyHashOf(entry),
    isSettled: false,
    ...dueAttributes(entry.sessionId, shards, entry.createdAtMs),
  };
}

export function toOutboxItem(entry: OutboxEntry, value: StoredText, position: number, shards: number): Item {
  return {
    ...outboxKey(entry.sessionId, entry.effectKey),
    ...outboxAttributes(entry, value, shards),
    effectKey: entry.effectKey,
    position,
    version: 1,
    attempts: 0,
    receipts: [],
  };
}

/** Tells whether a status shows something new, without reading the old one. */
export function bodyHashOf(entry: OutboxEntry): string {
  return createHash('sha256').update(shownBy(entry)).digest('hex');
}
