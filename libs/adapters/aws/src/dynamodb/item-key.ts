import { createHash } from 'node:crypto';
import type { Session } from '@swe/domain';

/** What names an item of the table. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** As many digits as keep 10^12 numbers in numeric order when they are compared as text. */
const DIGITS = 12;
/** Milliseconds need more. */
const TIME_DIGITS = 15;

/**
 * A partition key has at most 2048 bytes and a sort key 1024, prefix included:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const MAX_NAME_BYTES = 900;
const HASHED = 'sha256:';

const SESSION = 'session/';

export const sessionPk = (sessionId: string): string => `${SESSION}${sessionId}`;
export const sessionIdOfPk = (pk: string): string => pk.slice(SESSION.length);

export const sessionKey = (sessionId: string): ItemKey => ({ pk: sessionPk(sessionId), sk: 'session' });
/** The inbox's last number, and whether it takes more. */
export const headKey = (sessionId: string): ItemKey => ({ pk: sessionPk(sessionId), sk: 'head' });
/** The lease, and the journal's last number. */
export const leaseKey = (sessionId: string): ItemKey => ({ pk: sessionPk(sessionId), sk: 'lease' });
export const inboxKey = (sessionId: string, seq: number): ItemKey => ({
  pk: sessionPk(sessionId),
  sk: `inbox/${padded(seq)}`,
});
/** Revisions and outcomes of a range of messages. */
export const marksKey = (sessionId: string, chunk: number): ItemKey => ({
  pk: sessionPk(sessionId),
  sk: `marks/${padded(chunk)}`,
});
/** The entries of one append, the first of which is `seq`. */
export const journalKey = (sessionId: string, seq: number): ItemKey => ({
  pk: sessionPk(sessionId),
  sk: `journal/${padded(seq)}`,
});
export const outboxKey = (sessionId: string, effectKey: string): ItemKey => ({
  pk: sessionPk(sessionId),
  sk: `outbox/${bounded(effectKey)}`,
});
/** The last position that was given to an outbox entry. */
export const positionKey = (sessionId: string): ItemKey => ({ pk: sessionPk(sessionId), sk: 'position' });
/** Points to the entry at `position`, until that is settled. */
export const undeliveredKey = (sessionId: string, position: number): ItemKey => ({
  pk: sessionPk(sessionId),
  sk: `undelivered/${padded(position)}`,
});
/** A model call's reservation. */
export const reservationKey = (sessionId: string, callNumber: number): ItemKey => ({
  pk: sessionPk(sessionId),
  sk: `reservation/${padded(callNumber)}`,
});
/** Which machine is the session's, and which are dead. */
export const workerKey = (sessionId: string): ItemKey => ({ pk: sessionPk(sessionId), sk: 'worker' });
/** A scope's totals. */
export const ledgerKey = (scope: string): ItemKey => ({ pk: `ledger/${bounded(scope)}`, sk: 'totals' });
/** An origin's current session. */
export const aliasKey = (origin: string): ItemKey => ({ pk: `alias/${bounded(origin)}`, sk: 'alias' });
/** Where a message is. */
export const seenKey = (messageKey: string): ItemKey => ({ pk: `seen/${bounded(messageKey)}`, sk: 'seen' });
export const editKey = (key: string): ItemKey => ({ pk: `edit/${bounded(key)}`, sk: 'edit' });

/** Everybody who was approved in a workspace. */
export const approvalsPk = (workspace: string): string => `access/${bounded(workspace)}`;
export const approvalKey = (workspace: string, person: string): ItemKey => ({
  pk: approvalsPk(workspace),
  sk: `approval/${bounded(person)}`,
});

/** Every key of the HTTP API. They are few, and each call reads its own alone. */
export const apiKeysPk = 'api-keys';
export const apiKeyKey = (id: string): ItemKey => ({ pk: apiKeysPk, sk: `key/${bounded(id)}` });

/** Items whose making says that somebody has to look at the session. */
export const isInboxSk = (sk: string): boolean => sk.startsWith('inbox/');
export const isOutboxSk = (sk: string): boolean => sk.startsWith('outbox/');
export const isSessionPk = (pk: string): boolean => pk.startsWith(SESSION);

/** Orders sessions by when they were made, then by id. */
export function ageOf({ createdAtMs, id }: Pick<Session, 'createdAtMs' | 'id'>): string {
  return `${String(createdAtMs).padStart(TIME_DIGITS, '0')}/${id}`;
}

/** Spreads sessions over the partitions of an index. */
export function shardOf(sessionId: string, shards: number): number {
  return createHash('sha256').update(sessionId).digest().readUInt32BE() % shards;
}

function padded(number: number): string {
  return String(number).padStart(DIGITS, '0');
}

/** A name from outside as part of a key: itself, or its hash when it is too long or looks like one. */
function bounded(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES && !name.startsWith(HASHED)) return name;
  return `${HASHED}${createHash('sha256').update(name).digest('hex')}`;
}
