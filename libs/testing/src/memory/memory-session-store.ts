import { Fault, inboxItemOf, leaseRefusal, newSession, openedWith, postsOf, sessionIdOf } from '@swe/domain';
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
import { checkEnd, MemoryStore } from './memory-store';
import type { SessionRecord } from './memory-store';
import { pageOf } from './page-of';

export class MemorySessionStore implements SessionStore {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore = new MemoryStore()) {
    this.#store = store;
  }

  async receive(message: IncomingMessage, answer?: Answering): Promise<Receipt> {
    const seen = this.#store.seen.get(message.messageKey);
    if (seen !== undefined) return { ...seen, duplicate: true };
    const { record, isOpened } = this.#recordFor(message);
    const { messageKey } = message;
    const seq = record.inbox.length + 1;
    const answered = answer?.({ session: structuredClone(record.session), seq });
    const outcome = answered?.outcome;
    const sessionId = record.session.id;
    if (isOpened) {
      record.session = openedWith(record.session, answered);
      this.#store.sessions.set(sessionId, record);
      this.#store.aliases.set(message.origin, sessionId);
    } else if (answered?.session !== undefined) {
      apply(record, answered.session);
    }
    record.inbox.push({ ...inboxItemOf(message, seq), ...(outcome && { outcome }) });
    this.#store.seen.set(messageKey, { sessionId, seq });
    for (const entry of postsOf(message, sessionId, answered)) this.#store.putOutbox(entry);
    return { sessionId, seq, duplicate: false };
  }

  async revise({ editKey, messageKey, body }: MessageEdit): Promise<EditResult> {
    const place = this.#store.seen.get(messageKey);
    if (place === undefined) return 'unknown';
    if (this.#store.edits.has(editKey)) return 'duplicate';
    const { inbox, session } = this.#store.record(place.sessionId);
    const item = inbox[place.seq - 1];
    if (item === undefined || item.seq <= session.cursor || item.outcome !== undefined) return 'too-late';
    this.#store.edits.add(editKey);
    const change = body === undefined ? { outcome: { kind: 'cancelled' } as const } : { body };
    inbox[place.seq - 1] = { ...item, ...change, revision: item.revision + 1 };
    return 'revised';
  }

  async findMessage(messageKey: string): Promise<MessagePlace | undefined> {
    const place = this.#store.seen.get(messageKey);
    const item = place && this.#store.record(place.sessionId).inbox[place.seq - 1];
    return place && item && { sessionId: place.sessionId, item: structuredClone(item) };
  }

  async findSession(origin: string): Promise<Session | undefined> {
    const id = this.#store.aliases.get(origin);
    return id === undefined ? undefined : this.load(id);
  }

  async readInbox(sessionId: string, afterSeq: number): Promise<readonly InboxItem[]> {
    return structuredClone(this.#store.sessions.get(sessionId)?.inbox.slice(afterSeq) ?? []);
  }

  async takeOver(origin: string, sessionId: string): Promise<void> {
    const alias = this.#store.aliases.get(origin);
    const current = alias === undefined ? undefined : this.#store.record(alias);
    const isFree = current === undefined || current.session.status === 'ended';
    if (!isFree || this.#store.record(sessionId).session.status === 'ended') {
      throw new Fault('conflict', `${origin} cannot take over session ${sessionId}`);
    }
    this.#store.aliases.set(origin, sessionId);
  }

  async capOf(sessionId: string): Promise<number | undefined> {
    return (await this.load(sessionId))?.capNanoUsd;
  }

  async load(sessionId: string): Promise<Session | undefined> {
    return structuredClone(this.#store.sessions.get(sessionId)?.session);
  }

  async change(sessionId: string, revision: number, change: SessionChange): Promise<Session> {
    const record = this.#store.record(sessionId);
    if (record.session.revision !== revision) {
      throw new Fault('conflict', `session ${sessionId} has changed since revision ${revision}`);
    }
    checkEnd(record, change.status, change.cursor ?? record.session.cursor);
    return structuredClone(apply(record, change));
  }

  async list(page: PageRequest): Promise<Page<Session>> {
    const sessions = [...this.#store.sessions.values()]
      .map(({ session }) => structuredClone(session))
      .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? -1 : 1));
    return pageOf(sessions, page, ({ id }) => id);
  }

  async listDue(nowMs: number, page: PageRequest): Promise<Page<string>> {
    const due = [...this.#store.sessions.values()].filter((record) => this.#isDue(record, nowMs));
    return pageOf(due.map(({ session }) => session.id).sort(), page, (id) => id);
  }

  async readLease(sessionId: string): Promise<Lease | undefined> {
    return this.#store.heldLease(sessionId);
  }

  async takeLease(claim: LeaseClaim): Promise<Lease> {
    const { sessionId, holder, generation, dueAtMs } = claim;
    const { session, lease } = this.#store.record(sessionId);
    const refusal = leaseRefusal(session, this.#store.heldLease(sessionId), claim);
    if (refusal !== undefined) throw new Fault('conflict', refusal);
    const { fence, revision } = lease;
    return this.#hold({ sessionId, holder, generation, fence: fence + 1, revision: revision + 1 }, dueAtMs);
  }

  async renewLease(lease: Lease, dueAtMs: number): Promise<Lease> {
    const { lease: current } = this.#ownRecord(lease);
    return this.#hold({ ...lease, revision: current.revision + 1 }, dueAtMs);
  }

  async releaseLease(lease: Lease, change: SessionChange): Promise<boolean> {
    const record = this.#ownRecord(lease);
    if (record.inbox.length > record.session.cursor) return false;
    record.lease.holder = undefined;
    apply(record, change);
    return true;
  }

  async beginStop(sessionId: string, revision: number, change: SessionChange): Promise<Session | undefined> {
    const record = this.#store.record(sessionId);
    const { session, inbox, lease } = record;
    const isIdle = lease.holder === undefined && inbox.length === session.cursor;
    if (!isIdle || session.revision !== revision) return undefined;
    return structuredClone(apply(record, { ...change, stopping: true }));
  }

  /** The record that `message` goes to; an opened one is not stored yet. */
  #recordFor(message: IncomingMessage): { readonly record: SessionRecord; readonly isOpened: boolean } {
    const alias = this.#store.aliases.get(message.origin);
    const current = alias === undefined ? undefined : this.#store.record(alias);
    if (current !== undefined && current.session.status !== 'ended') {
      return { record: current, isOpened: false };
    }
    if (current !== undefined && !message.addressed) {
      throw new Fault(
        'denied',
        `session ${current.session.id} has ended and the message asks for no new one`,
      );
    }
    let round = 1;
    while (this.#store.sessions.has(sessionIdOf(message.origin, round))) round += 1;
    const lease = { holder: undefined, generation: 0, fence: 0, revision: 0, dueAtMs: 0 };
    const session = newSession(message, round);
    return { record: { session, inbox: [], journal: [], lease }, isOpened: true };
  }

  #ownRecord(lease: Lease): SessionRecord {
    const record = this.#store.record(lease.sessionId);
    if (record.lease.holder !== undefined && record.lease.fence === lease.fence) return record;
    throw new Fault('conflict', `${lease.holder} has lost the lease of session ${lease.sessionId}`);
  }

  #hold(lease: Lease, dueAtMs: number): Lease {
    const { sessionId, ...held } = lease;
    this.#store.record(sessionId).lease = { ...held, dueAtMs };
    return lease;
  }

  #isDue({ session, inbox, lease }: SessionRecord, nowMs: number): boolean {
    if (inbox.length > session.cursor) return true;
    const { retryAtMs, wakeAtMs, manageAtMs, pollAtMs, id } = session;
    const posts = this.#store.undelivered(id).map(({ dueAtMs }) => dueAtMs);
    const beat = lease.holder === undefined ? undefined : lease.dueAtMs;
    return [beat, retryAtMs, wakeAtMs, manageAtMs, pollAtMs, ...posts].some(
      (atMs) => atMs !== undefined && atMs <= nowMs,
    );
  }
}

function apply(record: SessionRecord, change: SessionChange): Session {
  record.session = { ...record.session, ...change, revision: record.session.revision + 1 };
  return record.session;
}
