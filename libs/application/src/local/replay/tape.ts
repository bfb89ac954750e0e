import { buildContext, digestOf, JOURNAL_VERSION } from '@swe/domain';
import type {
  JournalEntry,
  JournalEntryOf,
  ModelRequest,
  NewJournalEntry,
  OutboxEntry,
  RequestDigest,
} from '@swe/domain';
import { statusKey } from '../../agent/keep-status';
import { recordedPost } from './cassette';
import type { Cassette, RecordedPost } from './cassette';
import { driftBetween, textOfValue } from './drift';
import type { Drift } from './drift';

/**
 * What a replay is held to: everything that its cassette says; what was journalled, and the rest is recorded; or only
 * the course that it took, and all words are recorded.
 */
export type HeldTo = 'everything' | 'journal' | 'course';

/** What a session does in a replay, told from what it is to do. */
export interface Tape {
  readonly written: readonly JournalEntry[];
  /** The first that came up; nothing is compared after it. */
  readonly drift: Drift | undefined;
  /** The next entry to be written, behind `unwritten` others. */
  next(unwritten?: number): JournalEntry | undefined;
  /** The first of the entries to be written for which `matches` holds. */
  ahead<E extends JournalEntry>(matches: (entry: JournalEntry) => entry is E): E | undefined;
  /** Takes over the next entries as they were recorded. */
  give(count: number): void;
  write(entries: readonly NewJournalEntry[], posts: readonly OutboxEntry[]): void;
  request(callNumber: number, request: ModelRequest): void;
  fail(drift: Drift): void;
  /** Nothing more will come. */
  end(): void;
  /** The cassette, with what the session did in the place of what it was to do. */
  recorded(): Cassette;
}

export function createTape(cassette: Cassette, heldTo: HeldTo): Tape {
  const { journal, expected } = cassette;
  const written: JournalEntry[] = [];
  const requests: Cassette['expected']['requests'] = [];
  const posts: RecordedPost[] = [];
  const texts: Record<string, string> = {};
  let drift: Drift | undefined;

  function fail(found: Drift): void {
    drift ??= found;
  }

  function writeEntry(entry: NewJournalEntry): void {
    const seq = written.length + 1;
    const recorded = journal[seq - 1];
    const comparable = heldTo === 'course' ? courseOf : factsOf;
    const isSame =
      recorded !== undefined && textOfValue(comparable(recorded)) === textOfValue(comparable(entry));
    if (!isSame) {
      const wanted = recorded === undefined ? 'nothing more' : factsOf(recorded);
      fail(
        driftBetween(
          `entry ${seq} of the journal (${recorded?.kind ?? 'past its end'})`,
          wanted,
          factsOf(entry),
        ),
      );
    }
    written.push({ ...entry, ...(recorded && timesOf(recorded)), seq, v: JOURNAL_VERSION });
  }

  function writePost(entry: OutboxEntry): void {
    // When it is edited depends on the time, and what it says on prices.
    if (entry.effectKey === statusKey(entry.sessionId)) return;
    const post = recordedPost.parse(entry);
    const wanted = expected.posts[posts.length];
    posts.push(post);
    if (heldTo !== 'everything' || textOfValue(wanted) === textOfValue(post)) return;
    fail(driftBetween(`post ${posts.length} (${post.effectKey})`, wanted ?? 'nothing more', post));
  }

  return {
    written,
    get drift() {
      return drift;
    },
    next: (unwritten = 0) => journal[written.length + unwritten],
    ahead: (matches) => journal.slice(written.length).find(matches),
    give(count) {
      written.push(...journal.slice(written.length, written.length + count));
    },
    write(entries, outbox) {
      for (const entry of entries) if (drift === undefined) writeEntry(entry);
      for (const entry of outbox) if (drift === undefined) writePost(entry);
    },
    request(callNumber, request) {
      const digest = digestOf(request);
      const wanted = expected.requests[requests.length];
      requests.push({ callNumber, digest });
      texts[digest.system] = request.system;
      texts[digest.tools] = JSON.stringify(request.tools);
      if (heldTo !== 'everything') return;
      if (wanted?.callNumber !== callNumber) {
        return fail(
          driftBetween(
            `model call ${callNumber}`,
            `call ${wanted?.callNumber ?? 'none'}`,
            `call ${callNumber}`,
          ),
        );
      }
      const part = PARTS.find((each) => wanted.digest[each] !== digest[each]);
      if (part === undefined) return;
      const [was, is] = partsOf(part, wanted.digest, request, digest);
      fail(driftBetween(`model call ${callNumber}, ${NAMES[part]}`, was, is));
    },
    fail,
    end() {
      const entry = journal[written.length];
      if (drift !== undefined) return;
      const left = 'nothing: the session rests';
      if (entry !== undefined) {
        return fail(driftBetween(`entry ${entry.seq} of the journal (${entry.kind})`, factsOf(entry), left));
      }
      if (heldTo !== 'everything') return;
      const request = expected.requests[requests.length];
      const post = expected.posts[posts.length];
      if (request !== undefined) fail(driftBetween(`model call ${request.callNumber}`, 'a request', left));
      else if (post !== undefined)
        fail(driftBetween(`post ${posts.length + 1} (${post.effectKey})`, post, left));
    },
    recorded: () => ({ ...cassette, journal: [...written], expected: { requests, posts, texts } }),
  };

  /** As far as they are known: of what was sent there is only a digest. */
  function partsOf(
    part: keyof RequestDigest,
    wanted: RequestDigest,
    request: ModelRequest,
    digest: RequestDigest,
  ): readonly [was: unknown, is: unknown] {
    if (part === 'system') return [expected.texts[wanted.system] ?? wanted.system, request.system];
    if (part === 'tools')
      return [expected.texts[wanted.tools] ?? wanted.tools, JSON.stringify(request.tools)];
    if (part === 'asks') return [wanted.asks, digest.asks];
    const { messages } = request;
    const was = buildContext(journal.slice(0, written.length)).messages;
    if (was.length > 0 && textOfValue(was) !== textOfValue(messages)) return [was, messages];
    // What came before was compared with the call before.
    const before = Number.parseInt(requests.at(-2)?.digest.messages ?? '0', 10);
    const added = JSON.stringify(messages.slice(before < messages.length ? before : 0));
    return [`messages ${wanted.messages}`, `messages ${digest.messages}, the last ones: ${added}`];
  }
}

const PARTS = ['system', 'tools', 'messages', 'asks'] as const;

const NAMES: Readonly<Record<keyof RequestDigest, string>> = {
  system: 'the system prompt',
  tools: 'the tools',
  messages: 'the messages',
  asks: 'what is asked for',
};

type AnyEntry = NewJournalEntry & Partial<Pick<JournalEntry, 'seq' | 'v'>>;

/** All that an entry says but times, its number, and what a request's digest tells better. */
function factsOf(entry: AnyEntry): Readonly<Record<string, unknown>> {
  const { atMs: _at, seq: _seq, v: _v, ...facts } = entry;
  const {
    durationMs: _duration,
    fixedTokens: _fixed,
    // It follows from the usage and from prices, which are the reader's own.
    bill: _bill,
    ...rest
  }: Partial<JournalEntryOf<'model-call-finished'>> &
    Partial<JournalEntryOf<'model-call-started'>> = facts as object;
  return rest;
}

/** What happened, without a word of it. */
function courseOf(entry: AnyEntry): Readonly<Record<string, unknown>> {
  const names = ['kind', 'callId', 'callNumber', 'inboxSeq', 'from', 'to', 'effectKey', 'cause', 'stop'];
  return Object.fromEntries(Object.entries(entry).filter(([name]) => names.includes(name)));
}

function timesOf(entry: JournalEntry): { readonly atMs: number; readonly durationMs?: number } {
  return { atMs: entry.atMs, ...('durationMs' in entry && { durationMs: entry.durationMs }) };
}
