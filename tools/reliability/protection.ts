import type {
  Chat,
  Compute,
  Journal,
  Ledger,
  LanguageModel,
  ModelMessage,
  Outbox,
  SessionStore,
  Snapshots,
} from '@swe/domain';
import { allSessions } from './world-store';
import type { WorldStore } from './world-store';

/** The ports that protections live in, as a process sees them. */
export interface ProtectedPorts {
  readonly chat: Chat;
  readonly compute: Compute;
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly model: LanguageModel;
  readonly outbox: Outbox;
  readonly snapshots: Snapshots;
  readonly store: SessionStore;
}

/** Something that keeps promises, and what the world is like without it. */
export interface Protection {
  readonly name: string;
  /** The ports of one process without it; what it looks up in `stored` for that is no call of the process. */
  off(ports: ProtectedPorts, stored: WorldStore): Partial<ProtectedPorts>;
}

const changed = <T extends object>(port: T, changes: Partial<T>): T =>
  new Proxy(port, {
    get(target, key) {
      const source: object = Object.hasOwn(changes, key) ? changes : target;
      const value: unknown = Reflect.get(source, key, source);
      return typeof value === 'function' ? value.bind(source) : value;
    },
  });

/** A call is looked up before it is made again: here nothing is ever found. */
const lookUp: Protection = {
  name: 'a post is looked up before it is posted again',
  off: ({ chat }) => ({ chat: changed(chat, { find: async () => undefined }) }),
};

const fence: Protection = {
  name: 'a write carries the fence of its lease',
  off: ({ journal }, { store }) => ({
    journal: changed(journal, {
      append: async (write) => {
        const held = await store.readLease(write.sessionId);
        return journal.append({ ...write, fence: held?.fence ?? write.fence });
      },
    }),
  }),
};

const oneWrite: Protection = {
  name: 'what people see is stored with its journal entry',
  off: ({ journal, outbox }) => ({
    journal: changed(journal, {
      append: async ({ outbox: entries = [], ...write }) => {
        const seq = await journal.append(write);
        for (const entry of entries) await outbox.put(entry);
        return seq;
      },
    }),
  }),
};

const identity: Protection = {
  name: 'a message is accepted once by its identity',
  off: ({ store }, stored) => ({
    store: changed(store, {
      receive: async (message) => {
        const accepted = await messageCount(stored.store);
        return store.receive({ ...message, messageKey: `${message.messageKey}/${accepted}` });
      },
    }),
  }),
};

const repair: Protection = {
  name: 'a call that its process died in gets a result',
  off: ({ model }) => ({
    model: changed(model, {
      stream: (request, signal) =>
        model.stream({ ...request, messages: request.messages.map(withoutInterrupted) }, signal),
    }),
  }),
};

const sweeping: Protection = {
  name: 'sessions that nobody serves are found by a sweep',
  off: ({ store }) => ({
    store: changed(store, {
      listDue: async (nowMs, page) => {
        const { items } = await store.listDue(nowMs, page);
        const leases = await Promise.all(items.map((id) => store.readLease(id)));
        return { items: items.filter((_id, i) => leases[i] === undefined) };
      },
    }),
  }),
};

const checkpoints: Protection = {
  name: 'the work is saved off its machine',
  off: ({ snapshots }) => ({ snapshots: changed(snapshots, { workingCopies: async () => [] }) }),
};

const estimates: Protection = {
  name: 'a call that its process died in is counted at its worst case',
  off: ({ ledger }) => ({
    ledger: changed(ledger, {
      settle: async (key, spentNanoUsd, estimated) => {
        if (!estimated) await ledger.settle(key, spentNanoUsd, estimated);
      },
    }),
  }),
};

/** Of a job that waits: it is no protection of any other. */
export const wakeTime: Protection = {
  name: 'a wait has a time to wake',
  off: ({ journal }) => ({
    journal: changed(journal, {
      append: async ({ session, ...write }) =>
        journal.append({ ...write, ...(session && { session: { ...session, wakeAtMs: undefined } }) }),
    }),
  }),
};

export const PROTECTIONS = { checkpoints, lookUp, fence, oneWrite, identity, repair, sweeping, estimates };

async function messageCount(store: SessionStore): Promise<number> {
  const sessions = await allSessions(store);
  const inboxes = await Promise.all(sessions.map(({ id }) => store.readInbox(id, 0)));
  return inboxes.flat().length;
}

function withoutInterrupted(message: ModelMessage): ModelMessage {
  if (message.role !== 'user') return message;
  const content = message.content.filter(
    (part) => part.type !== 'tool-result' || !JSON.stringify(part.content).includes('Interrupted'),
  );
  return { ...message, content };
}
