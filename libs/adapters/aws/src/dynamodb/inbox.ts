import { Fault, inboxItem, jsonText } from '@swe/domain';
import type { InboxItem } from '@swe/domain';
import type { Item } from './action';
import type { DynamoTable } from './dynamo-table';
import { toValue } from './from-item';
import { inboxKey } from './item-key';
import { withOutcomes } from './message-marks';
import { parseItem } from './stored-item';
import { fromStoredText } from './stored-text';
import type { TextBlobs } from './stored-text';

const LAST_SEQ = 999_999_999_999;

/**
 * Messages after `afterSeq`, up to the first that is not there yet. A query is no snapshot: it can show a message and
 * have passed the place of the one before it, whose write ended first.
 */
export async function readInbox(
  table: DynamoTable,
  blobs: TextBlobs,
  sessionId: string,
  afterSeq: number,
): Promise<readonly InboxItem[]> {
  const items: InboxItem[] = [];
  const { pk, sk: from } = inboxKey(sessionId, afterSeq + 1);
  for await (const stored of table.query(pk, from, inboxKey(sessionId, LAST_SEQ).sk)) {
    const item = await toInboxItem(blobs, sessionId, stored);
    if (item.seq !== afterSeq + items.length + 1) break;
    items.push(item);
  }
  return withOutcomes(table, blobs, sessionId, items);
}

/** A message without its outcome. Throws `missing` for an unknown number. */
export async function readInboxItem(
  table: DynamoTable,
  blobs: TextBlobs,
  sessionId: string,
  seq: number,
): Promise<InboxItem> {
  const stored = await table.get(inboxKey(sessionId, seq));
  if (stored === undefined) throw new Fault('missing', `session ${sessionId} has no message ${seq}`);
  return toInboxItem(blobs, sessionId, stored);
}

async function toInboxItem(blobs: TextBlobs, sessionId: string, stored: Item): Promise<InboxItem> {
  const text = await fromStoredText(blobs, sessionId, toValue(stored));
  return parseItem(jsonText(inboxItem), stored, text);
}
