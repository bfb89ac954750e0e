import type { Outbox } from '@swe/domain';
import { MemoryOutbox } from '../memory/memory-outbox';
import { MemorySessionStore } from '../memory/memory-session-store';
import { MemoryStore } from '../memory/memory-store';
import { outboxContract } from './outbox.contract';
import type { OutboxSubject } from './outbox.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(changesOf: (outbox: Outbox, shared: MemoryStore) => Partial<Outbox>) {
  return (): { subject: OutboxSubject } => {
    const shared = new MemoryStore();
    const outbox = new MemoryOutbox(shared);
    return {
      subject: {
        outbox: override<Outbox>(outbox, changesOf(outbox, shared)),
        store: new MemorySessionStore(shared),
      },
    };
  };
}

proveBites('Outbox', outboxContract, {
  'entries of a session are listed in the order in which they came, until settled': broken((outbox) => ({
    listUndelivered: async (id) => (await outbox.listUndelivered(id)).toReversed(),
  })),
  'a known effect key changes nothing, but for a `status`: what it shows last is to be shown, where the last one was':
    broken((outbox) => ({ put: (entry) => outbox.put({ ...entry, class: 'message' }) })),
  'one claimant at a time: a claim held by another, not lapsed, is a `conflict`': broken((outbox) => ({
    claim: (key, claimant, nowMs) => outbox.claim(key, { ...claimant, name: 'anyone' }, nowMs),
  })),
  'a lapsed claim, and one of an older fence, can be taken, and counts as a further attempt': broken(
    (outbox) => ({
      claim: async (...args) => ({ ...(await outbox.claim(...args)), attempt: 1 }),
    }),
  ),
  'receipts of delivered parts are kept for the next claimant': broken((outbox) => ({
    claim: async (...args) => ({ ...(await outbox.claim(...args)), receipts: [] }),
  })),
  'a deferred entry is free to be claimed, and due at its time': broken(() => ({
    defer: async () => undefined,
  })),
  'an undelivered entry makes its session due: at once, when its claim lapses, or when it was deferred to':
    broken((outbox) => ({ defer: (claim) => outbox.defer(claim, 0) })),
  'only the claimant records, defers and settles; a settled entry is not listed again': broken(
    (_outbox, shared) => ({
      settle: async ({ entry }) => {
        const record = shared.outbox.get(entry.effectKey);
        if (record !== undefined) record.isSettled = true;
      },
    }),
  ),
  "an entry is found by its key, also once it is settled; another session's is not": broken((outbox) => ({
    find: async ({ sessionId, effectKey }) =>
      (await outbox.listUndelivered(sessionId)).find(({ entry }) => entry.effectKey === effectKey)?.entry,
  })),
});
