import { Fault, newSession } from '@swe/domain';
import type { InboxItem, IncomingMessage, Receipt } from '@swe/domain';
import { isNew } from './action';
import type { Action } from './action';
import type { Decision, DynamoTable } from './dynamo-table';
import { toAlias, toHead, toSeen } from './from-item';
import type { Alias } from './from-item';
import { aliasKey, headKey, seenKey } from './item-key';
import { toStoredText } from './stored-text';
import type { StoredText, TextBlobs } from './stored-text';
import { MAX_MESSAGE_BYTES, toInboxItem, toSessionItem } from './to-item';

/**
 * Stores a message under its number in one write: the moved head, the message, its key, and for an origin's first
 * message the session and the alias.
 */
export async function receiveMessage(
  table: DynamoTable,
  blobs: TextBlobs,
  message: IncomingMessage,
): Promise<Receipt> {
  return table.transact(async () => {
    const [seen, alias] = await table.getAll([seenKey(message.messageKey), aliasKey(message.origin)]);
    if (seen !== undefined) return { result: { ...toSeen(seen), duplicate: true }, actions: [] };
    const current = alias && toAlias(alias);
    const last = current && (await lastSeq(table, current));
    if (current !== undefined && last !== undefined) {
      const move: Action = {
        update: headKey(current.sessionId),
        set: { seq: last + 1 },
        when: { is: { seq: last, isClosed: undefined } },
      };
      return accept(table, blobs, message, current.sessionId, last + 1, [move]);
    }
    if (current !== undefined && !message.addressed) {
      throw new Fault('denied', `session ${current.sessionId} has ended and the message asks for no new one`);
    }
    const rounds = (current?.rounds ?? 0) + 1;
    const session = newSession(message, rounds);
    return accept(table, blobs, message, session.id, 1, [
      { put: toSessionItem(session, table.shards), when: isNew },
      { put: { ...headKey(session.id), seq: 1 }, when: isNew },
      aliasTo(message.origin, { sessionId: session.id, rounds }, current),
    ]);
  });
}

/** What lets `origin` speak to another session, if it still speaks to the one of `before`. */
export function aliasTo(origin: string, alias: Alias, before: Alias | undefined): Action {
  return {
    put: { ...aliasKey(origin), ...alias },
    when: before === undefined ? isNew : { is: { sessionId: before.sessionId } },
  };
}

/** The last number of a session that takes messages, else undefined. */
async function lastSeq(table: DynamoTable, { sessionId }: Alias): Promise<number | undefined> {
  const item = await table.get(headKey(sessionId));
  if (item === undefined) throw new Fault('invalid', `session ${sessionId} has lost its head`);
  const head = toHead(item);
  return head.isClosed ? undefined : head.seq;
}

async function accept(
  table: DynamoTable,
  blobs: TextBlobs,
  message: IncomingMessage,
  sessionId: string,
  seq: number,
  opening: readonly Action[],
): Promise<Decision<Receipt>> {
  const { messageKey, requester, body, receivedAtMs } = message;
  const item: InboxItem = { seq, revision: 0, messageKey, requester, body, receivedAtMs };
  const value = await toMessageText(blobs, sessionId, item);
  return {
    result: { sessionId, seq, duplicate: false },
    actions: [
      ...opening,
      { put: toInboxItem(sessionId, seq, value, table.shards), when: isNew },
      { put: { ...seenKey(messageKey), sessionId, seq }, when: isNew },
    ],
  };
}

export function toMessageText(blobs: TextBlobs, sessionId: string, item: InboxItem): Promise<StoredText> {
  return toStoredText(blobs, sessionId, JSON.stringify(item), MAX_MESSAGE_BYTES);
}
