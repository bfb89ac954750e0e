import { Fault, leaseRefusal } from '@swe/domain';
import type {
  Answering,
  EditResult,
  InboxItem,
  IncomingMessage,
  Lease,
  LeaseClaim,
  MessageEdit,
  MessagePlace,
  Page,
  PageRequest,
  Receipt,
  Session,
  SessionChange,
  SessionStore,
} from '@swe/domain';
import { isNew } from './action';
import type { Action, Condition } from './action';
import type { DynamoTable } from './dynamo-table';
import { toAlias, toCap, toHeldLease, toLeaseRecord, toSeen, toSession } from './from-item';
import type { LeaseRecord } from './from-item';
import { readInbox, readInboxItem } from './inbox';
import { aliasKey, headKey, leaseKey, seenKey, sessionKey } from './item-key';
import { withOutcomes } from './message-marks';
import { aliasTo, receiveMessage } from './receive-message';
import { reviseMessage } from './revise-message';
import { listDueSessions, listSessions } from './session-lists';
import { changed, missingSession, readState, sessionActions } from './session-state';
import type { SessionState } from './session-state';
import type { TextBlobs } from './stored-text';
import { freeLeaseAttributes, leaseAttributes } from './to-item';

/** Sessions in a DynamoDB table. Texts that are too long for an item are blobs. */
export class DynamoSessionStore implements SessionStore {
  readonly #table: DynamoTable;
  readonly #blobs: TextBlobs;

  constructor(table: DynamoTable, blobs: TextBlobs) {
    this.#table = table;
    this.#blobs = blobs;
  }

  receive(message: IncomingMessage, answer?: Answering): Promise<Receipt> {
    return receiveMessage(this.#table, this.#blobs, message, answer);
  }

  revise(edit: MessageEdit): Promise<EditResult> {
    return reviseMessage(this.#table, this.#blobs, edit);
  }

  async findMessage(messageKey: string): Promise<MessagePlace | undefined> {
    const seen = await this.#table.get(seenKey(messageKey));
    if (seen === undefined) return undefined;
    const { sessionId, seq } = toSeen(seen);
    const found = await readInboxItem(this.#table, this.#blobs, sessionId, seq);
    const [item = found] = await withOutcomes(this.#table, this.#blobs, sessionId, [found]);
    return { sessionId, item };
  }

  async findSession(origin: string): Promise<Session | undefined> {
    const alias = await this.#table.get(aliasKey(origin));
    return alias && this.load(toAlias(alias).sessionId);
  }

  readInbox(sessionId: string, afterSeq: number): Promise<readonly InboxItem[]> {
    return readInbox(this.#table, this.#blobs, sessionId, afterSeq);
  }

  async takeOver(origin: string, sessionId: string): Promise<void> {
    await this.#table.transact(async () => {
      const alias = await this.#table.get(aliasKey(origin));
      const before = alias && toAlias(alias);
      const isFree = before === undefined || (await this.#isOver(before.sessionId));
      const { session } = await readState(this.#table, sessionId);
      if (!isFree || session.status === 'ended') {
        throw new Fault('conflict', `${origin} cannot take over session ${sessionId}`);
      }
      const actions: Action[] = [
        aliasTo(origin, { sessionId, rounds: before?.rounds ?? 0 }, before),
        { check: headKey(sessionId), when: { has: ['pk'], is: { isClosed: undefined } } },
      ];
      return { result: undefined, actions };
    });
  }

  async load(sessionId: string): Promise<Session | undefined> {
    const item = await this.#table.get(sessionKey(sessionId));
    return item && toSession(item);
  }

  async capOf(sessionId: string): Promise<number | undefined> {
    const item = await this.#table.getPart(sessionKey(sessionId), 'capNanoUsd');
    return item && toCap(item);
  }

  async change(sessionId: string, revision: number, change: SessionChange): Promise<Session> {
    return this.#table.transact(async () => {
      const state = await readState(this.#table, sessionId);
      if (state.session.revision !== revision) {
        throw new Fault('conflict', `session ${sessionId} has changed since revision ${revision}`);
      }
      const result = changed(state.session, change);
      return { result, actions: await sessionActions(this.#table, state, result) };
    });
  }

  list(page: PageRequest): Promise<Page<Session>> {
    return listSessions(this.#table, page);
  }

  listDue(nowMs: number, page: PageRequest): Promise<Page<string>> {
    return listDueSessions(this.#table, nowMs, page);
  }

  async readLease(sessionId: string): Promise<Lease | undefined> {
    return toHeldLease(sessionId, await this.#leaseRecord(sessionId));
  }

  async takeLease(claim: LeaseClaim): Promise<Lease> {
    const { sessionId, holder, generation, dueAtMs } = claim;
    return this.#table.transact(async () => {
      const { session, lease } = await readState(this.#table, sessionId);
      const refusal = leaseRefusal(session, toHeldLease(sessionId, lease), claim);
      if (refusal !== undefined) throw new Fault('conflict', refusal);
      const { fence, revision } = lease ?? { fence: 0, revision: 0 };
      const result = { sessionId, holder, generation, fence: fence + 1, revision: revision + 1 };
      return {
        result,
        actions: [
          this.#hold(result, dueAtMs, lease === undefined ? isNew : { is: { fence, revision } }),
          // Generation and `stopping` are part of what was decided by.
          { check: sessionKey(sessionId), when: { is: { revision: session.revision } } },
        ],
      };
    });
  }

  async renewLease(lease: Lease, dueAtMs: number): Promise<Lease> {
    const { sessionId, fence } = lease;
    return this.#table.transact(async () => {
      const record = await this.#leaseRecord(sessionId);
      if (record === undefined && (await this.load(sessionId)) === undefined) throw missingSession(sessionId);
      const { revision } = own(lease, record);
      const result = { ...lease, revision: revision + 1 };
      const when = { is: { fence, revision }, has: ['holder'] };
      return { result, actions: [this.#hold(result, dueAtMs, when)] };
    });
  }

  async releaseLease(lease: Lease, change: SessionChange): Promise<boolean> {
    const { sessionId, fence } = lease;
    return this.#table.transact(async () => {
      const state = await readState(this.#table, sessionId);
      own(lease, state.lease);
      if (state.head.seq > state.session.cursor) return { result: false, actions: [] };
      const release: Action = {
        update: leaseKey(sessionId),
        set: freeLeaseAttributes,
        when: { is: { fence }, has: ['holder'] },
      };
      return { result: true, actions: [release, ...(await this.#whileIdle(state, change))] };
    });
  }

  async beginStop(sessionId: string, revision: number, change: SessionChange): Promise<Session | undefined> {
    return this.#table.transact<Session | undefined>(async () => {
      const state = await readState(this.#table, sessionId);
      const { session, head, lease } = state;
      const isIdle = lease?.holder === undefined && head.seq === session.cursor;
      if (!isIdle || session.revision !== revision) return { result: undefined, actions: [] };
      const stop = { ...change, stopping: true };
      const isFree: Action = { check: leaseKey(sessionId), when: { is: { holder: undefined } } };
      return {
        result: changed(session, stop),
        actions: [isFree, ...(await this.#whileIdle(state, stop))],
      };
    });
  }

  /** What changes the session unless a message has come in since `state` was read. */
  async #whileIdle(state: SessionState, change: SessionChange): Promise<readonly Action[]> {
    const { session, head } = state;
    const actions = await sessionActions(this.#table, state, changed(session, change));
    const key = headKey(session.id);
    // A session that ends has that condition already, and no item may be named twice.
    const isNamed = actions.some((action) => 'update' in action && action.update.sk === key.sk);
    return isNamed ? actions : [...actions, { check: key, when: { is: { seq: head.seq } } }];
  }

  /** Whether a session has ended, or is none: all that the machine of another one may be allowed to know. */
  async #isOver(sessionId: string): Promise<boolean> {
    const head = await this.#table.getPart(headKey(sessionId), 'isClosed');
    return head === undefined || head['isClosed'] === true;
  }

  async #leaseRecord(sessionId: string): Promise<LeaseRecord | undefined> {
    const item = await this.#table.get(leaseKey(sessionId));
    return item && toLeaseRecord(item);
  }

  #hold(lease: Lease, dueAtMs: number, when: Condition): Action {
    const set = leaseAttributes(lease, dueAtMs, this.#table.shards);
    return { update: leaseKey(lease.sessionId), set, when };
  }
}

/** Throws `conflict` unless `lease` is still held. */
function own(lease: Lease, record: LeaseRecord | undefined): LeaseRecord {
  if (record?.holder !== undefined && record.fence === lease.fence) return record;
  throw new Fault('conflict', `${lease.holder} has lost the lease of session ${lease.sessionId}`);
}
