import type { SessionStore } from '@swe/domain';
import { MemorySessionStore } from '../memory/memory-session-store';
import { override } from './override';
import { proveBites } from './run-contract';
import { sessionStoreContract } from './session-store.contract';

function broken(changesOf: (store: SessionStore) => Partial<SessionStore>) {
  return () => {
    const store = new MemorySessionStore();
    return { subject: override<SessionStore>(store, changesOf(store)) };
  };
}

proveBites('SessionStore', sessionStoreContract, {
  "an origin's first message creates its session, `queued`, titled by the message's first line": broken(
    (store) => ({
      load: async (id) => {
        const loaded = await store.load(id);
        return loaded && { ...loaded, title: 'New session' };
      },
    }),
  ),
  'later messages of the origin go to the same session, numbered without gaps': broken((store) => ({
    receive: (message) => store.receive({ ...message, origin: message.origin + message.messageKey }),
  })),
  'the same message key is accepted once, also from another origin': broken((store) => ({
    receive: (message) => store.receive({ ...message, messageKey: message.origin + message.messageKey }),
  })),
  'two messages received at once get two numbers': broken((store) => {
    let head = 0;
    return {
      receive: async (message) => {
        const seq = head + 1;
        const receipt = await store.receive(message);
        head = seq;
        return { ...receipt, seq };
      },
    };
  }),
  'an ended session takes nothing: an addressed message opens the next round, another is refused as `denied`':
    broken((store) => ({ receive: (message) => store.receive({ ...message, addressed: true }) })),
  '`change` on an outdated revision is a `conflict` and writes nothing': broken((store) => ({
    change: async (id, _revision, change) => store.change(id, (await store.load(id))?.revision ?? 0, change),
  })),
  '`list` gives every session once, newest first, page by page': broken((store) => ({
    list: async (page) => ({ items: (await store.list(page)).items }),
  })),
  'a free lease is taken with a fence above every earlier one': broken((store) => ({
    takeLease: async (...args) => ({ ...(await store.takeLease(...args)), fence: 1 }),
    readLease: async (id) => {
      const lease = await store.readLease(id);
      return lease && { ...lease, fence: 1 };
    },
  })),
  'a held lease is a `conflict`, unless taken over from the revision it still has': broken((store) => ({
    takeLease: async (id, holder, dueAtMs) => store.takeLease(id, holder, dueAtMs, await store.readLease(id)),
  })),
  'a heartbeat changes the revision, and is a `conflict` for whoever lost the lease': broken((store) => ({
    renewLease: async (lease, dueAtMs) =>
      store.renewLease((await store.readLease(lease.sessionId)) ?? lease, dueAtMs),
  })),
  'a lease is released only while the inbox head equals the cursor': broken((store) => ({
    releaseLease: async (lease) => {
      const revision = (await store.load(lease.sessionId))?.revision ?? 0;
      const head = (await store.readInbox(lease.sessionId, 0)).length;
      await store.change(lease.sessionId, revision, { cursor: head });
      return store.releaseLease(lease);
    },
  })),
  '`listDue` gives sessions with unadmitted messages, a held lease, or a time to retry or wake that has come':
    broken((store) => ({ listDue: (_nowMs, page) => store.listDue(0, page) })),
});
