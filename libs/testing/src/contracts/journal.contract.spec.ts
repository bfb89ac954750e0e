import type { Journal, JournalEntry } from '@swe/domain';
import { MemoryStore } from '../memory/memory-store';
import { openMemoryJournal } from '../memory/open-memory-journal';
import { journalContract } from './journal.contract';
import type { JournalSubject } from './journal.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(changesOf: (journal: Journal, data: MemoryStore) => Partial<Journal>) {
  return (): { subject: JournalSubject } => {
    const data = new MemoryStore();
    const { journal, ...beside } = openMemoryJournal(data);
    return { subject: { ...beside, journal: override(journal, changesOf(journal, data)) } };
  };
}

proveBites('Journal', journalContract, {
  'entries are numbered from 1 without gaps, in the order given': broken((journal) => ({
    append: (write) => journal.append({ ...write, entries: write.entries.toReversed() }),
  })),
  'entries, outbox, cursor, outcomes and session change become visible together or not at all': broken(
    (journal) => ({
      append: async ({ outcomes = [], ...write }) => {
        await journal.append(write);
        return journal.append({ sessionId: write.sessionId, fence: write.fence, entries: [], outcomes });
      },
    }),
  ),
  "a fence older than the lease's is a `conflict` and writes nothing": broken((journal, data) => ({
    append: (write) => journal.append({ ...write, fence: data.record(write.sessionId).lease.fence }),
  })),
  'a message edited since it was read cannot be admitted: `conflict`, nothing written': broken((journal) => ({
    append: ({ admit, ...write }) =>
      journal.append(admit === undefined ? write : { ...write, admit: { ...admit, items: [] } }),
  })),
  'a message has one outcome: a second one is a `conflict`, nothing written': broken((journal, data) => ({
    append: (write) => {
      const record = data.record(write.sessionId);
      record.inbox = record.inbox.map(({ outcome: _forgotten, ...item }) => item);
      return journal.append(write);
    },
  })),
  'an outbox entry whose effect key exists is kept as it was, a `status` gets its latest body': broken(
    (journal, data) => ({
      append: (write) => {
        for (const { effectKey } of write.outbox ?? []) data.outbox.delete(effectKey);
        return journal.append(write);
      },
    }),
  ),
  'a session ends only with the inbox head at its cursor: `conflict`, nothing written': broken(
    (journal, data) => ({
      append: ({ admit, ...write }) => {
        const head = data.record(write.sessionId).inbox.length;
        if (write.session?.status !== 'ended') return journal.append({ ...write, ...(admit && { admit }) });
        return journal.append({ ...write, admit: { cursor: head, items: [] } });
      },
    }),
  ),
  '`read` gives the entries from a sequence on, in order, unchanged, however large': broken((journal) => ({
    read: (sessionId) => journal.read(sessionId, 1),
  })),
  'an entry of a newer version is `invalid`, naming the session': broken((_journal, data) => ({
    async *read(sessionId) {
      for (const json of data.record(sessionId).journal) yield JSON.parse(json) as JournalEntry;
    },
  })),
});
