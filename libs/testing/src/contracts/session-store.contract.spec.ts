import { Fault, sessionIdOf } from '@swe/domain';
import type { SessionStore } from '@swe/domain';
import { MemoryOutbox } from '../memory/memory-outbox';
import { MemorySessionStore } from '../memory/memory-session-store';
import { MemoryStore } from '../memory/memory-store';
import { override } from '../memory/override';
import { proveBites } from './run-contract';
import { sessionStoreContract } from './session-store.contract';

function broken(changesOf: (store: SessionStore) => Partial<SessionStore>) {
  return () => {
    const data = new MemoryStore();
    const store = new MemorySessionStore(data);
    const outbox = new MemoryOutbox(data);
    return { subject: { outbox, store: override<SessionStore>(store, changesOf(store)) } };
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
  'an accepted key is never forgotten: a year later it is a duplicate still': broken((store) => ({
    receive: (message) => {
      const month = Math.floor(message.receivedAtMs / (30 * 24 * 60 * 60_000));
      return store.receive({ ...message, messageKey: `${message.messageKey}/${month}` });
    },
  })),
  'two messages received at once get two numbers, and a reader skips none': broken((store) => {
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
  'a message keeps the trace that it came with': broken((store) => ({
    receive: ({ traceparent: _lost, ...message }, answer) => store.receive(message, answer),
  })),
  'an ended session takes nothing: an addressed message opens the next round, another is refused as `denied`':
    broken((store) => ({ receive: (message) => store.receive({ ...message, addressed: true }) })),
  'a session ends only while the inbox head equals the cursor: `conflict`, nothing written': broken(
    (store) => ({
      change: async (id, revision, change) => {
        const head = (await store.readInbox(id, 0)).length;
        return store.change(id, revision, change.status === 'ended' ? { ...change, cursor: head } : change);
      },
    }),
  ),
  'an origin without a live session takes over one that lives, and speaks to it from then on': broken(
    (store) => ({
      takeOver: async (origin, sessionId) => {
        const session = await store.load(sessionId);
        if (session?.status === 'ended') throw new Fault('conflict', 'it has ended');
        if (session === undefined) throw new Fault('missing', 'there is none');
      },
    }),
  ),
  "an origin's rounds are its own: what it took over does not count": broken((store) => {
    let taken = 0;
    return {
      takeOver: (origin, sessionId) => {
        taken += 1;
        return store.takeOver(origin, sessionId);
      },
      load: async (sessionId) => {
        const session = await store.load(sessionId);
        return session && { ...session, round: session.round + taken };
      },
    };
  }),
  'an edit changes a message until it is admitted, once; a deleted one is `cancelled`': broken((store) => ({
    revise: (edit) => store.revise({ ...edit, editKey: `${edit.editKey}${Math.random()}` }),
  })),
  'a message is found by its key, with its outcome': broken((store) => ({
    findMessage: async (key) => {
      const place = await store.findMessage(key);
      return place && { ...place, item: { ...place.item, outcome: undefined } };
    },
  })),
  "a message's answer, with its outcome, its posts and its change of the session, is stored with it or not at all":
    broken((store) => ({
      receive: async (message, answer) => {
        await store.receive(message);
        return store.receive(message, answer);
      },
    })),
  'a duplicate is not answered again': broken((store) => ({
    receive: async (message, answer) => {
      const receipt = await store.receive(message, answer);
      const session = await store.load(receipt.sessionId);
      if (receipt.duplicate && session) answer?.({ session, seq: receipt.seq });
      return receipt;
    },
  })),
  'what answers sees the session as it is when the answer is written, also when others write to it at once':
    broken((store) => ({
      receive: async (message, answer) => {
        const session = await store.load(sessionIdOf(message.origin, 1));
        const stale = session && answer && (({ seq }: { seq: number }) => answer({ session, seq }));
        return store.receive(message, stale);
      },
    })),
  'a session opened by a message that has its outcome is `asleep`, and due only for its posts': broken(
    (store) => ({
      receive: (message, answer) => store.receive(message, answer && ((at) => ({ posts: answer(at).posts }))),
    }),
  ),
  "an origin's session is found: the one it speaks to, else its last one, also when that has ended": broken(
    (store) => ({
      findSession: async (origin) => {
        const session = await store.findSession(origin);
        return session?.status === 'ended' ? undefined : session;
      },
    }),
  ),
  '`change` on an outdated revision is a `conflict` and writes nothing': broken((store) => ({
    change: async (id, _revision, change) => store.change(id, (await store.load(id))?.revision ?? 0, change),
  })),
  "a session's own cap is told by itself, as it is: more of another session's a machine need not be allowed":
    broken(() => ({ capOf: async () => undefined })),
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
    takeLease: async (claim) => {
      const from = await store.readLease(claim.sessionId);
      return store.takeLease(from === undefined ? claim : { ...claim, from });
    },
  })),
  'no clock frees a lease: whoever thinks it overdue, however far ahead, finds it held': broken((store) => {
    let heldUntilMs = 0;
    return {
      takeLease: async (claim) => {
        const held = await store.readLease(claim.sessionId);
        const isOverdue = held !== undefined && heldUntilMs < claim.dueAtMs - 30_000;
        heldUntilMs = claim.dueAtMs;
        return store.takeLease(isOverdue ? { ...claim, from: held } : claim);
      },
    };
  }),
  'only the current generation takes the lease; what an older one holds is free to it': broken((store) => ({
    takeLease: async (claim) => {
      const generation = (await store.load(claim.sessionId))?.generation ?? 0;
      return { ...(await store.takeLease({ ...claim, generation })), generation: claim.generation };
    },
  })),
  'a heartbeat changes the revision, and is a `conflict` for whoever lost the lease': broken((store) => ({
    renewLease: async (lease, dueAtMs) =>
      store.renewLease((await store.readLease(lease.sessionId)) ?? lease, dueAtMs),
  })),
  "a lease is released only while the inbox head equals the cursor, with the session's change": broken(
    (store) => ({
      releaseLease: async (lease, change) => {
        const revision = (await store.load(lease.sessionId))?.revision ?? 0;
        const head = (await store.readInbox(lease.sessionId, 0)).length;
        await store.change(lease.sessionId, revision, { cursor: head });
        return store.releaseLease(lease, change);
      },
    }),
  ),
  'stopping begins only while the lease is free and the inbox head equals the cursor, and keeps the lease free':
    broken((store) => ({
      beginStop: async (id, revision, change) => {
        const current = await store.load(id);
        if (current?.revision !== revision) return undefined;
        return store.change(id, revision, { ...change, stopping: true });
      },
    })),
  '`listDue` gives sessions with unadmitted messages, or a time that has come: of lease, retry, wake, manager or poll':
    broken((store) => ({ listDue: (_nowMs, page) => store.listDue(0, page) })),
});
