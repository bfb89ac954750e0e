import { Fault, inboxItemOf, newSession, openedWith, postsOf } from '@swe/domain';
import type { Answer, Answering, InboxItem, IncomingMessage, Receipt, Session } from '@swe/domain';
import { isNew } from './action';
import type { Action } from './action';
import type { Decision, DynamoTable } from './dynamo-table';
import { toAlias, toHead, toSeen, toSession } from './from-item';
import type { Alias, Head } from './from-item';
import { aliasKey, headKey, seenKey, sessionKey } from './item-key';
import { readMarks, toStoredOutcome } from './message-marks';
import { outboxActions, toStoredPosts } from './outbox-writes';
import { changed, sessionActions } from './session-state';
import { toStoredText } from './stored-text';
import type { StoredText, TextBlobs } from './stored-text';
import { dueAttributes, MAX_MESSAGE_BYTES, toInboxItem, toSessionItem } from './to-item';

/** What a message goes with: its place, the answer to it, and what brings its session there. */
interface Acceptance {
  readonly sessionId: string;
  readonly seq: number;
  readonly answer: Answer | undefined;
  /** The message is admitted as it comes: it opens its session and has its outcome. */
  readonly isAdmitted: boolean;
  readonly actions: readonly Action[];
}

/**
 * Stores a message under its number in one write: the moved head, the message, its key, what answers it, and for an
 * origin's first message the session and the alias. An answer is written only if the session still is as it was seen,
 * else there is a new one.
 */
export async function receiveMessage(
  table: DynamoTable,
  blobs: TextBlobs,
  message: IncomingMessage,
  answer?: Answering,
): Promise<Receipt> {
  return table.transact(async () => {
    const [seen, alias] = await table.getAll([seenKey(message.messageKey), aliasKey(message.origin)]);
    if (seen !== undefined) return { result: { ...toSeen(seen), duplicate: true }, actions: [] };
    const current = alias && toAlias(alias);
    const head = current && (await readHead(table, current));
    if (current !== undefined && head?.isClosed === false) {
      const acceptance = await join(table, current.sessionId, head, answer);
      return accept(table, blobs, message, acceptance);
    }
    if (current !== undefined && !message.addressed) {
      throw new Fault('denied', `session ${current.sessionId} has ended and the message asks for no new one`);
    }
    return accept(table, blobs, message, open(table, message, current, answer));
  });
}

/** What lets `origin` speak to another session, if it still speaks to the one of `before`. */
export function aliasTo(origin: string, alias: Alias, before: Alias | undefined): Action {
  return {
    put: { ...aliasKey(origin), ...alias },
    when: before === undefined ? isNew : { is: { sessionId: before.sessionId } },
  };
}

async function readHead(table: DynamoTable, { sessionId }: Alias): Promise<Head> {
  const item = await table.get(headKey(sessionId));
  if (item === undefined) throw new Fault('invalid', `session ${sessionId} has lost its head`);
  return toHead(item);
}

async function join(
  table: DynamoTable,
  sessionId: string,
  head: Head,
  answering: Answering | undefined,
): Promise<Acceptance> {
  const seq = head.seq + 1;
  const move: Action = {
    update: headKey(sessionId),
    set: { seq },
    when: { is: { seq: head.seq, isClosed: undefined } },
  };
  const place = { sessionId, seq, isAdmitted: false };
  if (answering === undefined) return { ...place, answer: undefined, actions: [move] };
  const session = await readSession(table, sessionId);
  const answer = answering({ session, seq });
  return { ...place, answer, actions: [move, ...(await answerActions(table, head, session, answer))] };
}

async function readSession(table: DynamoTable, sessionId: string): Promise<Session> {
  const item = await table.get(sessionKey(sessionId));
  if (item === undefined) throw new Fault('invalid', `session ${sessionId} is not where its messages are`);
  return toSession(item);
}

/** What changes the session as it was seen, or makes sure that it still is that. */
async function answerActions(
  table: DynamoTable,
  head: Head,
  session: Session,
  { session: change }: Answer,
): Promise<readonly Action[]> {
  if (change !== undefined) return sessionActions(table, { session, head }, changed(session, change));
  return [{ check: sessionKey(session.id), when: { is: { revision: session.revision } } }];
}

function open(
  table: DynamoTable,
  message: IncomingMessage,
  before: Alias | undefined,
  answering: Answering | undefined,
): Acceptance {
  const rounds = (before?.rounds ?? 0) + 1;
  const fresh = newSession(message, rounds);
  const answer = answering?.({ session: fresh, seq: 1 });
  const session = openedWith(fresh, answer);
  return {
    sessionId: session.id,
    seq: 1,
    answer,
    isAdmitted: session.cursor > 0,
    actions: [
      { put: toSessionItem(session, table.shards), when: isNew },
      { put: { ...headKey(session.id), seq: 1 }, when: isNew },
      aliasTo(message.origin, { sessionId: session.id, rounds }, before),
    ],
  };
}

async function accept(
  table: DynamoTable,
  blobs: TextBlobs,
  message: IncomingMessage,
  { sessionId, seq, answer, isAdmitted, actions }: Acceptance,
): Promise<Decision<Receipt>> {
  const value = await toMessageText(blobs, sessionId, inboxItemOf(message, seq));
  const item = toInboxItem(sessionId, seq, value, table.shards);
  const notDue = isAdmitted ? dueAttributes(sessionId, table.shards, undefined) : {};
  const posts = await toStoredPosts(blobs, sessionId, postsOf(message, sessionId, answer));
  return {
    result: { sessionId, seq, duplicate: false },
    actions: [
      ...actions,
      { put: { ...item, ...notDue }, when: isNew },
      { put: { ...seenKey(message.messageKey), sessionId, seq }, when: isNew },
      ...(await outcomeActions(table, blobs, sessionId, seq, answer)),
      ...(await outboxActions(table, sessionId, posts, true)),
    ],
  };
}

async function outcomeActions(
  table: DynamoTable,
  blobs: TextBlobs,
  sessionId: string,
  seq: number,
  answer: Answer | undefined,
): Promise<readonly Action[]> {
  if (answer?.outcome === undefined) return [];
  const marks = await readMarks(table, sessionId, [seq]);
  return marks.settle([], [{ seq, stored: await toStoredOutcome(blobs, sessionId, answer.outcome) }]);
}

export function toMessageText(blobs: TextBlobs, sessionId: string, item: InboxItem): Promise<StoredText> {
  return toStoredText(blobs, sessionId, JSON.stringify(item), MAX_MESSAGE_BYTES);
}
