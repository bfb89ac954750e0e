import { z } from 'zod';
import { Fault } from '../fault';
import { JOURNAL_VERSION, journalEntry } from './journal-entry';
import type { JournalEntry } from './journal-entry';

const versioned = z.object({ v: z.int() });

/** `toJournalEntry` from JSON text. */
export function readJournalEntry(sessionId: string, seq: number, json: string): JournalEntry {
  return toJournalEntry(sessionId, seq, parsed(json));
}

/** A stored value as an entry. Throws `invalid` that names the session and says what to do when it is none. */
export function toJournalEntry(sessionId: string, seq: number, stored: unknown): JournalEntry {
  const entry = journalEntry.safeParse(stored);
  if (entry.success) return entry.data;
  const version = versioned.safeParse(stored).data?.v ?? JOURNAL_VERSION;
  const problem =
    version > JOURNAL_VERSION
      ? 'was written by a newer version of this program. Update the program.'
      : 'is damaged. Put a copy of the store in its place, or start a new session.';
  throw new Fault('invalid', `Entry ${seq} of the journal of session ${sessionId} ${problem}`, {
    cause: entry.error,
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
