import { Fault } from '@swe/domain';
import type { Session, SessionChange } from '@swe/domain';
import type { Action } from './action';
import type { DynamoTable } from './dynamo-table';
import { toHead, toLeaseRecord, toSession } from './from-item';
import type { Head, LeaseRecord } from './from-item';
import { headKey, inboxKey, leaseKey, sessionKey } from './item-key';
import { dueAttributes, toSessionItem } from './to-item';

/** What is decided by: a session, its inbox's head and its lease, which is absent before it was first taken. */
export interface SessionState {
  readonly session: Session;
  readonly head: Head;
  readonly lease: LeaseRecord | undefined;
}

export const stateKeys = (sessionId: string) => [
  sessionKey(sessionId),
  headKey(sessionId),
  leaseKey(sessionId),
];

/** How many messages leave the index of what is due in the write that admits them. */
const ADMITTED_AT_ONCE = 25;
const MARKS_CLEARED_AT_ONCE = 100;

/** Throws `missing` for an unknown session. */
export async function readState(table: DynamoTable, sessionId: string): Promise<SessionState> {
  const [session, head, lease] = await table.getAll(stateKeys(sessionId));
  if (session === undefined || head === undefined) throw missingSession(sessionId);
  return {
    session: toSession(session),
    head: toHead(head),
    lease: lease && toLeaseRecord(lease),
  };
}

export function missingSession(sessionId: string): Fault {
  return new Fault('missing', `there is no session ${sessionId}`);
}

/** The session with `change`, as its next revision. */
export function changed(session: Session, change: SessionChange): Session {
  return { ...session, ...change, revision: session.revision + 1 };
}

/**
 * What stores `after` in the place of the state's session. It touches the session, its head when the session ends (the
 * condition of that is part of it), and the messages that it admits. Throws `conflict` when a message after the cursor
 * keeps the session from ending.
 */
export async function sessionActions(
  table: DynamoTable,
  { session, head }: Omit<SessionState, 'lease'>,
  after: Session,
): Promise<Action[]> {
  const { id, revision } = session;
  const ends = after.status === 'ended' && session.status !== 'ended';
  if (ends && head.seq !== after.cursor) {
    throw new Fault('conflict', `session ${id} cannot end: a message came in`);
  }
  const closing: Action = {
    update: headKey(id),
    set: { isClosed: true },
    when: { is: { seq: after.cursor } },
  };
  return [
    { put: toSessionItem(after, table.shards), when: { is: { revision } } },
    ...(ends ? [closing] : []),
    ...(await admitActions(table, id, session.cursor, Math.min(after.cursor, head.seq))),
  ];
}

/**
 * What takes the messages after `from` up to `to` out of the index. Of more than a write should touch, the first leave
 * it before: the last ones keep the session due until it is written that all of them are admitted, so that nobody
 * who dies in between leaves a message that nobody is told of.
 */
async function admitActions(
  table: DynamoTable,
  sessionId: string,
  from: number,
  to: number,
): Promise<readonly Action[]> {
  const actions = Array.from({ length: Math.max(0, to - from) }, (_, i): Action => {
    const set = dueAttributes(sessionId, table.shards, undefined);
    return { update: inboxKey(sessionId, from + 1 + i), set, when: { has: ['pk'] } };
  });
  const before = actions.slice(0, -ADMITTED_AT_ONCE);
  for (let i = 0; i < before.length; i += MARKS_CLEARED_AT_ONCE) {
    const chunk = before.slice(i, i + MARKS_CLEARED_AT_ONCE);
    await table.transact(async () => ({ actions: chunk, result: undefined }));
  }
  return actions.slice(-ADMITTED_AT_ONCE);
}
