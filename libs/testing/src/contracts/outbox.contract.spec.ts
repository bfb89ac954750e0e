import type { Outbox } from '@swe/domain';
import { MemoryOutbox } from '../memory/memory-outbox';
import { MemoryStore } from '../memory/memory-store';
import { outboxContract } from './outbox.contract';
import { override } from './override';
import { proveBites } from './run-contract';

function broken(changesOf: (outbox: Outbox, data: MemoryStore) => Partial<Outbox>) {
  return () => {
    const data = new MemoryStore();
    const outbox = new MemoryOutbox(data);
    return { subject: override<Outbox>(outbox, changesOf(outbox, data)) };
  };
}

proveBites('Outbox', outboxContract, {
  'entries of a session are listed in the order in which they came, until settled': broken((outbox) => ({
    listUndelivered: async (id) =>
      (await outbox.listUndelivered(id)).toSorted((a, b) => (a.effectKey < b.effectKey ? -1 : 1)),
  })),
  '`put` with a known effect key changes nothing': broken((outbox, data) => ({
    put: (entry) => {
      data.outbox.delete(entry.effectKey);
      return outbox.put(entry);
    },
  })),
  'one claimant at a time: a claim held by another, not lapsed, is a `conflict`': broken((outbox) => ({
    claim: (effectKey, claimant, _nowMs, lapsesAtMs) =>
      outbox.claim(effectKey, claimant, Number.POSITIVE_INFINITY, lapsesAtMs),
  })),
  'a lapsed claim can be taken, and counts as a further attempt': broken((outbox) => ({
    claim: async (...args) => ({ ...(await outbox.claim(...args)), attempt: 1 }),
  })),
  'only the claimant settles, and a settled entry is not listed again': broken((_outbox, data) => ({
    settle: async ({ entry }, receipt) => {
      const record = data.outbox.get(entry.effectKey);
      if (record !== undefined) record.receipt = receipt;
    },
  })),
});
