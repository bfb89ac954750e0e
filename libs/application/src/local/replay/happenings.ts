import type { InboxItem, JournalEntry, JournalEntryOf } from '@swe/domain';
import { arrivalPlaces } from './arrivals';

/** Something that came to a session from outside. `at` counts the entries of the journal before it. */
export type Happening = { readonly at: number; readonly atMs: number } &
  /** `found`: messages that came while no process was there. */
  (
    | { readonly what: 'process-started'; readonly found: readonly InboxItem[] }
    | { readonly what: 'message-arrived'; readonly item: InboxItem }
    | { readonly what: 'model-answered'; readonly entry: JournalEntryOf<'model-call-finished'> }
    | { readonly what: 'effect-begun'; readonly entry: JournalEntryOf<'effect-intended'> }
    | { readonly what: 'effect-done'; readonly entry: JournalEntryOf<'effect-done'> }
    | { readonly what: 'tool-finished'; readonly entry: JournalEntryOf<'tool-finished'> }
    | { readonly what: 'tools-waited'; readonly untilMs: number; readonly reason: string }
    | { readonly what: 'idle-elapsed' }
    /** Entries of whoever holds the lease while no process is there. */
    | { readonly what: 'others-wrote'; readonly count: number }
  );

/**
 * What came to a session from outside, in the order in which it did: of a journal and an inbox.
 */
export function happeningsOf(journal: readonly JournalEntry[], inbox: readonly InboxItem[]): Happening[] {
  const started = { what: 'process-started', at: 0, atMs: journal[0]?.atMs ?? 0, found: [] } as const;
  const happened = [...arrivalsOf(journal, inbox), started, ...entriesThatHappened(journal)];
  return withFound(happened.toSorted((a, b) => a.at - b.at));
}

/** Messages right before the start of a process, or behind it and older, it found there. */
function withFound(happenings: readonly Happening[]): Happening[] {
  const left: Happening[] = [];
  for (const happening of happenings) {
    const last = left.at(-1);
    if (happening.what === 'process-started') {
      const first = left.findLastIndex(({ what }) => what !== 'message-arrived') + 1;
      const found = left.splice(first).flatMap((each) => ('item' in each ? [each.item] : []));
      left.push({ ...happening, found });
    } else if (
      happening.what === 'message-arrived' &&
      last?.what === 'process-started' &&
      happening.atMs <= last.atMs
    ) {
      left[left.length - 1] = { ...last, found: [...last.found, happening.item] };
    } else {
      left.push(happening);
    }
  }
  return left;
}

type Arrival = Extract<Happening, { what: 'message-arrived' }>;

function entriesThatHappened(journal: readonly JournalEntry[]): Happening[] {
  const happened: Happening[] = [];
  const running = new Set<string>();
  let status: string | undefined;
  for (const [at, entry] of journal.entries()) {
    const { atMs } = entry;
    const place = { at, atMs };
    switch (entry.kind) {
      case 'model-call-finished':
        happened.push({ ...place, what: 'model-answered', entry });
        break;
      case 'tool-started':
        running.add(entry.callId);
        break;
      case 'effect-intended':
        happened.push({ ...place, what: 'effect-begun', entry });
        break;
      case 'effect-done':
        happened.push({ ...place, what: 'effect-done', entry });
        break;
      case 'tool-finished':
        running.delete(entry.callId);
        happened.push({ ...place, what: 'tool-finished', entry });
        break;
      case 'wait-until':
        if (running.size > 0) {
          happened.push({ ...place, what: 'tools-waited', untilMs: entry.wakeAtMs, reason: entry.reason });
        }
        break;
      case 'state-changed':
        if (isOthers(entry)) {
          const count = 1 + resultsBefore(journal, at);
          happened.splice(happened.length - (count - 1));
          happened.push({ at: at - (count - 1), atMs, what: 'others-wrote', count });
          status = entry.to;
          break;
        }
        // Somebody wrote the session's status in between: whoever started a process for it.
        if (status !== undefined && entry.from !== status) {
          happened.push({ ...place, what: 'process-started', found: [] });
        }
        if (entry.to === 'draining') happened.push({ ...place, what: 'idle-elapsed' });
        status = entry.to;
        break;
      default:
    }
  }
  return happened;
}

/** A session's own process does not write these: it only stops, ends and fails what it works on. */
function isOthers({ from, to, outcome }: JournalEntryOf<'state-changed'>): boolean {
  const isWithoutProcess = from === 'queued' || from === 'asleep' || from === 'draining' || from === 'failed';
  return (
    to === 'failed' ||
    to === 'asleep' ||
    (outcome?.kind === 'stopped' && from !== 'working') ||
    (to === 'ended' && isWithoutProcess)
  );
}

/** Of calls that were put down: nobody has run them. */
function resultsBefore(journal: readonly JournalEntry[], at: number): number {
  const isNobodys = (entry: JournalEntry): boolean =>
    entry.kind === 'tool-finished' && entry.durationMs === 0;
  return at - 1 - journal.slice(0, at).findLastIndex((entry) => !isNobodys(entry));
}

function arrivalsOf(journal: readonly JournalEntry[], inbox: readonly InboxItem[]): Arrival[] {
  const places = arrivalPlaces(journal, inbox);
  return inbox.map((item, i) => ({
    what: 'message-arrived',
    item,
    at: places[i] ?? journal.length,
    atMs: item.receivedAtMs,
  }));
}
