import { Fault, JOURNAL_VERSION, jsonText, toJournalEntry } from '@swe/domain';
import type { Journal, JournalEntry, JournalWrite, NewJournalEntry, SessionChange } from '@swe/domain';
import { z } from 'zod';
import { isNew } from './action';
import type { Action, Item } from './action';
import type { Decision, DynamoTable } from './dynamo-table';
import { toValue } from './from-item';
import { journalKey, leaseKey } from './item-key';
import { readMarks, toStoredOutcome } from './message-marks';
import type { StoredOutcome } from './message-marks';
import { outboxActions, toStoredPosts } from './outbox-writes';
import type { StoredPost } from './outbox-writes';
import { changed, readState, sessionActions } from './session-state';
import type { SessionState } from './session-state';
import { parseItem } from './stored-item';
import { fromStoredText, toStoredText } from './stored-text';
import type { StoredText, TextBlobs } from './stored-text';
import { MAX_PACK_BYTES } from './to-item';

const LAST_SEQ = 999_999_999_999;

/** The entries of one append. Their numbers follow from the first one's, which is the item's key. */
const pack = z.object({ v: z.int().positive(), entries: z.array(z.unknown()).min(1) });

const packItem = z.object({ seq: z.int().positive() });

/** An append as it is stored, whatever number it begins with. */
interface StoredAppend {
  readonly pack: StoredText | undefined;
  readonly outcomes: readonly StoredOutcome[];
  readonly posts: readonly StoredPost[];
}

/**
 * Journals in a DynamoDB table. An append is one item with all of its entries, so that it is one transaction however
 * many they are, and has its text in a blob when it is long. The lease counts the entries: whoever appends checks the
 * fence and takes the next number in the same place.
 */
export class DynamoJournal implements Journal {
  readonly #table: DynamoTable;
  readonly #blobs: TextBlobs;

  constructor(table: DynamoTable, blobs: TextBlobs) {
    this.#table = table;
    this.#blobs = blobs;
  }

  async append(write: JournalWrite): Promise<number> {
    const stored = await this.#store(write);
    return this.#table.transact(() => this.#decide(write, stored));
  }

  async *read(sessionId: string, fromSeq: number): AsyncIterable<JournalEntry> {
    let next = Math.max(fromSeq, 1);
    for (let isAgain = false; ;) {
      const before = next;
      let isBroken = false;
      for await (const item of this.#packs(sessionId, next)) {
        const { seq } = parseItem(packItem, item, item);
        isBroken = seq > next;
        if (isBroken) break;
        const entries = await this.#entries(sessionId, seq, item);
        yield* entries.slice(next - seq);
        next = Math.max(next, seq + entries.length);
      }
      if (!isBroken) return;
      // A query is no snapshot: it may pass the place of an append that ends before the next one. It is there now.
      if (isAgain && next === before)
        throw new Fault('invalid', `session ${sessionId} has no journal entry ${next}`);
      isAgain = true;
    }
  }

  /** The texts are made once, and outlive attempts that are overtaken. */
  async #store({ sessionId, entries, outcomes = [], outbox = [] }: JournalWrite): Promise<StoredAppend> {
    return {
      pack: entries.length === 0 ? undefined : await this.#storePack(sessionId, entries),
      outcomes: await Promise.all(
        outcomes.map(async ({ seq, outcome }) => ({
          seq,
          stored: await toStoredOutcome(this.#blobs, sessionId, outcome),
        })),
      ),
      posts: await toStoredPosts(this.#blobs, sessionId, outbox),
    };
  }

  #storePack(sessionId: string, entries: readonly NewJournalEntry[]): Promise<StoredText> {
    const text = JSON.stringify({ v: JOURNAL_VERSION, entries });
    return toStoredText(this.#blobs, sessionId, text, MAX_PACK_BYTES);
  }

  async #decide(write: JournalWrite, stored: StoredAppend): Promise<Decision<number>> {
    const { sessionId, fence, entries, admit } = write;
    const state = await readState(this.#table, sessionId);
    const { lease } = state;
    if (lease?.holder === undefined || lease.fence !== fence) {
      throw new Fault('conflict', `fence ${fence} no longer holds the lease of session ${sessionId}`);
    }
    checkMessages(state, write);
    const seqs = [...(admit?.items ?? []), ...stored.outcomes].map(({ seq }) => seq);
    const marks = await readMarks(this.#table, sessionId, seqs);
    const last = lease.journalSeq + entries.length;
    return {
      result: last,
      actions: [
        ...packActions(write, stored.pack, lease.journalSeq),
        ...marks.settle(admit?.items ?? [], stored.outcomes),
        ...(await this.#sessionActions(state, write)),
        ...(await outboxActions(this.#table, sessionId, stored.posts)),
      ],
    };
  }

  async #sessionActions(state: SessionState, { admit, session }: JournalWrite): Promise<readonly Action[]> {
    if (admit === undefined && session === undefined) return [];
    const change: SessionChange = { ...session, ...(admit && { cursor: admit.cursor }) };
    return sessionActions(this.#table, state, changed(state.session, change));
  }

  /** Items that hold entries from `seq` on, also the one in whose middle it is. */
  async *#packs(sessionId: string, seq: number): AsyncIterable<Item> {
    const { pk, sk: at } = journalKey(sessionId, seq);
    const first = journalKey(sessionId, 0).sk;
    let from = at;
    for await (const item of this.#table.query(pk, first, at, 'down', 1)) from = item.sk;
    yield* this.#table.query(pk, from, journalKey(sessionId, LAST_SEQ).sk);
  }

  async #entries(sessionId: string, first: number, item: Item): Promise<readonly JournalEntry[]> {
    const text = await fromStoredText(this.#blobs, sessionId, toValue(item));
    const { v, entries } = parseItem(jsonText(pack), item, text);
    return entries.map((entry, i) => {
      const seq = first + i;
      return toJournalEntry(sessionId, seq, { ...Object(entry), seq, v });
    });
  }
}

/** Throws `conflict` for a cursor that goes back or ahead of the inbox, `missing` for a message that isn't there. */
function checkMessages({ session, head }: SessionState, { admit, outcomes = [] }: JournalWrite): void {
  if (admit !== undefined && (admit.cursor < session.cursor || admit.cursor > head.seq)) {
    throw new Fault('conflict', `session ${session.id} cannot move its cursor to ${admit.cursor}`);
  }
  for (const { seq } of [...(admit?.items ?? []), ...outcomes]) {
    if (seq > head.seq) throw new Fault('missing', `session ${session.id} has no message ${seq}`);
  }
}

function packActions(
  { sessionId, fence, entries }: JournalWrite,
  value: StoredText | undefined,
  journalSeq: number,
): readonly Action[] {
  const holds = { is: { fence }, has: ['holder'] };
  if (value === undefined) return [{ check: leaseKey(sessionId), when: holds }];
  const seq = journalSeq + 1;
  const before = journalSeq === 0 ? undefined : journalSeq;
  return [
    {
      update: leaseKey(sessionId),
      set: { journalSeq: journalSeq + entries.length },
      when: { ...holds, is: { fence, journalSeq: before } },
    },
    { put: { ...journalKey(sessionId, seq), seq, value }, when: isNew },
  ];
}
