import type { Journal, Ledger, Outbox, Session, SessionStore } from '@swe/domain';
import {
  MemoryJournal,
  MemoryLedger,
  MemoryOutbox,
  MemorySessionStore,
  MemoryStore,
} from '@swe/testing/memory';

/** What is stored in a world. Its ports are all that anybody sees of it, also who judges the world in the end. */
export interface WorldStore {
  readonly store: SessionStore;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  /** Resolves when everybody waits for time to pass. Absent where no call takes longer than a turn of the event loop. */
  readonly settle?: () => Promise<void>;
  close(): Promise<void>;
}

/** An empty store for one world. */
export type OpenWorldStore = () => Promise<WorldStore>;

export async function openMemoryStore(): Promise<WorldStore> {
  const data = new MemoryStore();
  return {
    store: new MemorySessionStore(data),
    journal: new MemoryJournal(data),
    outbox: new MemoryOutbox(data),
    ledger: new MemoryLedger(data),
    close: async () => undefined,
  };
}

const READING = /^(?:find|list|load|read)/;

/** Whether a method of a store's port changes nothing. */
export const isRead = (method: string): boolean => READING.test(method);

/** `port`; `onWrite` is told of each call that may change something. */
export function tellingWrites<T extends object>(port: T, onWrite: () => void): T {
  return new Proxy(port, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        if (!isRead(String(key))) onWrite();
        return Reflect.apply(value, target, args);
      };
    },
  });
}

const PAGE = 100;

export async function allSessions(store: Pick<SessionStore, 'list'>): Promise<readonly Session[]> {
  const sessions: Session[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ limit: PAGE, ...(after !== undefined && { after }) });
    sessions.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return sessions;
}
