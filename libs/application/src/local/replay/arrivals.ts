import type { InboxItem, JournalEntry } from '@swe/domain';

/**
 * Behind how many entries of the journal each message came to the session. What it did with a message tells that; when it
 * was received only says since when it could: there may have been a poll in between.
 */
export function arrivalPlaces(journal: readonly JournalEntry[], inbox: readonly InboxItem[]): number[] {
  const known = inbox.map((item) => takenUpAt(journal, item) ?? stoppedAt(journal, item));
  // No message was there before an earlier one.
  const latest = inbox.map((_item, i) =>
    Math.min(journal.length, ...known.slice(i).flatMap((place) => place ?? [])),
  );
  let before = 0;
  return inbox.map((item, i) => {
    const end = latest[i] ?? journal.length;
    before = known[i] === undefined ? Math.min(end, Math.max(before, receivedAt(journal, item))) : end;
    return before;
  });
}

function receivedAt(journal: readonly JournalEntry[], { receivedAtMs }: InboxItem): number {
  const next = journal.findIndex(({ atMs }) => atMs >= receivedAtMs);
  return next === -1 ? journal.length : next;
}

/** Before what was last waited for, or where the turn began, before the message was admitted. */
function takenUpAt(journal: readonly JournalEntry[], { seq }: InboxItem): number | undefined {
  const at = journal.findIndex((entry) => entry.kind === 'message-admitted' && entry.inboxSeq === seq);
  return at === -1 ? undefined : Math.max(0, journal.slice(0, at).findLastIndex(isLook));
}

function isLook(entry: JournalEntry): boolean {
  if (entry.kind === 'state-changed') return entry.to === 'working';
  return entry.kind === 'model-call-finished' || entry.kind === 'tool-finished';
}

/** Behind the last thing that was begun in the turn which the command stopped, or behind one that it came too late for. */
function stoppedAt(journal: readonly JournalEntry[], item: InboxItem): number | undefined {
  if (item.body.kind !== 'command') return undefined;
  const since = receivedAt(journal, item);
  const end = journal.findIndex(
    (entry, at) => at >= since && entry.kind === 'state-changed' && entry.outcome !== undefined,
  );
  const ended = journal[end];
  if (ended?.kind !== 'state-changed' || ended.from !== 'working') return undefined;
  if (ended.outcome?.kind !== 'stopped') return end + 1;
  return journal.slice(0, end).findLastIndex(isBeginning) + 1;
}

const isBeginning = ({ kind }: JournalEntry): boolean =>
  kind === 'model-call-started' || kind === 'tool-started' || kind === 'effect-intended';
