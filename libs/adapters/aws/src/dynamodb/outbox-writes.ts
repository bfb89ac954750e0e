import { Fault } from '@swe/domain';
import type { OutboxEntry } from '@swe/domain';
import { isNew } from './action';
import type { Action, Item } from './action';
import type { DynamoTable } from './dynamo-table';
import { toOutboxRecord, toPosition } from './from-item';
import type { OutboxRecord } from './from-item';
import { outboxKey, positionKey, undeliveredKey } from './item-key';
import { toStoredText } from './stored-text';
import type { StoredText, TextBlobs } from './stored-text';
import { UNLEASED } from './table';
import { bodyHashOf, MAX_POST_BYTES, outboxAttributes, toOutboxItem } from './to-item';

/** An outbox entry, made ready to be written. */
export interface StoredPost {
  readonly entry: OutboxEntry;
  readonly value: StoredText;
}

export function toStoredPosts(
  blobs: TextBlobs,
  sessionId: string,
  entries: readonly OutboxEntry[],
): Promise<readonly StoredPost[]> {
  return Promise.all(
    latestOf(entries).map(async (entry) => {
      if (entry.sessionId !== sessionId) {
        throw new Fault(
          'invalid',
          `${entry.effectKey} belongs to session ${entry.sessionId}, not ${sessionId}`,
        );
      }
      return { entry, value: await toStoredText(blobs, sessionId, JSON.stringify(entry), MAX_POST_BYTES) };
    }),
  );
}

/**
 * What puts the posts into the session's outbox: those whose effect key is new behind the last one, a known status that
 * shows something else where it was. A pointer beside each says that it has to be delivered, so that nobody who looks for work
 * reads what is settled. `isUnleased` says that no lease holder knows of them, so that somebody has to be told.
 */
export async function outboxActions(
  table: DynamoTable,
  sessionId: string,
  posts: readonly StoredPost[],
  isUnleased = false,
): Promise<readonly Action[]> {
  if (posts.length === 0) return [];
  const [counter, ...items] = await table.getAll([
    positionKey(sessionId),
    ...posts.map(({ entry }) => outboxKey(sessionId, entry.effectKey)),
  ]);
  const before = counter && toPosition(counter);
  let position = before ?? 0;
  const actions = posts.flatMap((post, i): readonly Action[] => {
    const item = items[i];
    if (item !== undefined) return againActions(table, post, item);
    position += 1;
    return newActions(table, post, position, isUnleased);
  });
  if (position === (before ?? 0)) return actions;
  return [
    ...actions,
    { update: positionKey(sessionId), set: { position }, when: { is: { position: before } } },
  ];
}

/** What a write to a known entry begins from. */
export function asRead(record: OutboxRecord): { readonly is: { readonly version: number } } {
  return { is: { version: record.version } };
}

function newActions(
  table: DynamoTable,
  { entry, value }: StoredPost,
  position: number,
  isUnleased: boolean,
): readonly Action[] {
  const item = toOutboxItem(entry, value, position, table.shards);
  return [
    { put: { ...item, ...(isUnleased && { [UNLEASED]: true }) }, when: isNew },
    { put: pointer(entry, position), when: isNew },
  ];
}

function againActions(table: DynamoTable, { entry, value }: StoredPost, item: Item): readonly Action[] {
  const record = toOutboxRecord(item);
  if (entry.class !== 'status' || record.bodyHash === bodyHashOf(entry)) return [];
  const set = {
    ...outboxAttributes(entry, value, table.shards),
    claimant: undefined,
    version: record.version + 1,
  };
  return [
    { update: outboxKey(entry.sessionId, entry.effectKey), set, when: asRead(record) },
    { put: pointer(entry, record.position) },
  ];
}

function pointer({ sessionId, effectKey }: OutboxEntry, position: number): Item {
  return { ...undeliveredKey(sessionId, position), effectKey };
}

/** Of entries with the same effect key: the first `message`, the last `status`, where the first one was. */
function latestOf(entries: readonly OutboxEntry[]): readonly OutboxEntry[] {
  const latest = new Map<string, OutboxEntry>();
  for (const entry of entries) {
    if (entry.class === 'status' || !latest.has(entry.effectKey)) latest.set(entry.effectKey, entry);
  }
  return [...latest.values()];
}
