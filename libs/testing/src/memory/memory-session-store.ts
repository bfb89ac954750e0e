import { Fault, newSession } from '@swe/domain';
import type {
  InboxItem,
  IncomingMessage,
  Lease,
  Page,
  PageRequest,
  Receipt,
  Session,
  SessionChange,
  SessionStore,
} from '@swe/domain';
import { MemoryStore } from './memory-store';
import type { SessionRecord } from './memory-store';
import { pageOf } from './page-of';

export class MemorySessionStore implements SessionStore {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore = new MemoryStore()) {
    this.#store = store;
  }

  async receive(message: IncomingMessage): Promise<Receipt> {
    const seen = this.#store.seen.get(message.messageKey);
    if (seen !== undefined) return { ...seen, duplicate: true };
    const record = this.#openRecord(message);
    const { messageKey, requester, body, receivedAtMs } = message;
    const seq = record.inbox.length + 1;
    record.inbox.push({ seq, revision: 0, messageKey, requester, body, receivedAtMs });
    const sessionId = record.session.id;
    this.#store.seen.set(messageKey, { sessionId, seq });
    return { sessionId, seq, duplicate: false };
  }

  async load(sessionId: string): Promise<Session | undefined> {
    return structuredClone(this.#store.sessions.get(sessionId)?.session);
  }

  async change(sessionId: string, revision: number, change: SessionChange): Promise<Session> {
    const record = this.#store.record(sessionId);
    if (record.session.revision !== revision) {
      throw new Fault('conflict', `session ${sessionId} has changed since revision ${revision}`);
    }
    record.session = { ...record.session, ...change, revision: revision + 1 };
    return structuredClone(record.session);
  }

  async list(page: PageRequest): Promise<Page<Session>> {
    const sessions = [...this.#store.sessions.values()]
      .map(({ session }) => structuredClone(session))
      .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? -1 : 1));
    return pageOf(sessions, page, ({ id }) => id);
  }

  async listDue(nowMs: number, page: PageRequest): Promise<Page<string>> {
    const due = [...this.#store.sessions.values()].filter((record) => isDue(record, nowMs));
    return pageOf(due.map(({ session }) => session.id).sort(), page, (id) => id);
  }

  async readInbox(sessionId: string, afterSeq: number): Promise<readonly InboxItem[]> {
    return structuredClone(this.#store.sessions.get(sessionId)?.inbox.slice(afterSeq) ?? []);
  }

  async readLease(sessionId: string): Promise<Lease | undefined> {
    return this.#store.heldLease(sessionId);
  }

  async takeLease(sessionId: string, holder: string, dueAtMs: number, from?: Lease): Promise<Lease> {
    const held = this.#store.heldLease(sessionId);
    if (held !== undefined && (held.fence !== from?.fence || held.revision !== from.revision)) {
      throw new Fault('conflict', `session ${sessionId} is leased by ${held.holder}`);
    }
    const { fence, revision } = this.#store.record(sessionId).lease;
    return this.#hold({ sessionId, holder, fence: fence + 1, revision: revision + 1 }, dueAtMs);
  }

  async renewLease(lease: Lease, dueAtMs: number): Promise<Lease> {
    const { lease: current } = this.#ownRecord(lease);
    return this.#hold({ ...lease, revision: current.revision + 1 }, dueAtMs);
  }

  async releaseLease(lease: Lease): Promise<boolean> {
    const { inbox, session, lease: current } = this.#ownRecord(lease);
    if (inbox.length > session.cursor) return false;
    current.holder = undefined;
    return true;
  }

  #openRecord(message: IncomingMessage): SessionRecord {
    const alias = this.#store.aliases.get(message.origin);
    const current = alias === undefined ? undefined : this.#store.record(alias);
    if (current !== undefined && current.session.status !== 'ended') return current;
    if (current !== undefined && !message.addressed) {
      throw new Fault(
        'denied',
        `session ${current.session.id} has ended and the message asks for no new one`,
      );
    }
    const session = newSession(message, (current?.session.round ?? 0) + 1);
    const lease = { holder: undefined, fence: 0, revision: 0, dueAtMs: 0 };
    const record: SessionRecord = { session, inbox: [], journal: [], lease };
    this.#store.sessions.set(session.id, record);
    this.#store.aliases.set(message.origin, session.id);
    return record;
  }

  #ownRecord(lease: Lease): SessionRecord {
    const record = this.#store.record(lease.sessionId);
    if (record.lease.holder !== undefined && record.lease.fence === lease.fence) return record;
    throw new Fault('conflict', `${lease.holder} has lost the lease of session ${lease.sessionId}`);
  }

  #hold(lease: Lease, dueAtMs: number): Lease {
    const { sessionId, holder, fence, revision } = lease;
    this.#store.record(sessionId).lease = { holder, fence, revision, dueAtMs };
    return lease;
  }
}

function isDue({ session, inbox, lease }: SessionRecord, nowMs: number): boolean {
  if (inbox.length > session.cursor) return true;
  const times = [lease.holder === undefined ? undefined : lease.dueAtMs, session.retryAtMs, session.wakeAtMs];
  return times.some((atMs) => atMs !== undefined && atMs <= nowMs);
}
