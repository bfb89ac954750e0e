import { Fault, jsonText, outcome } from '@swe/domain';
import type { InboxItem, JournalWrite, Outcome } from '@swe/domain';
import { z } from 'zod';
import type { Action, Item } from './action';
import type { DynamoTable } from './dynamo-table';
import { marksKey } from './item-key';
import type { ItemKey } from './item-key';
import { parseItem } from './stored-item';
import { fromStoredText, storedText, toStoredText } from './stored-text';
import type { StoredText, TextBlobs } from './stored-text';
import { MAX_OUTCOME_BYTES } from './to-item';

/**
 * What became of messages: how often each was edited, and its outcome. An item holds a range of them, because an append
 * may give an outcome to more messages than a transaction has actions.
 */
const MESSAGES_PER_ITEM = 25;

/** A message's outcome, made ready to be written. */
export interface StoredOutcome {
  readonly seq: number;
  readonly stored: StoredText;
}

const revisionOf = (seq: number) => `revision_${seq}`;
const outcomeOf = (seq: number) => `outcome_${seq}`;

export function marksKeyOf(sessionId: string, seq: number): ItemKey {
  return marksKey(sessionId, Math.floor((seq - 1) / MESSAGES_PER_ITEM));
}

export function toStoredOutcome(blobs: TextBlobs, sessionId: string, ended: Outcome): Promise<StoredText> {
  return toStoredText(blobs, sessionId, JSON.stringify(ended), MAX_OUTCOME_BYTES);
}

/** `items` with their outcomes. */
export async function withOutcomes(
  table: DynamoTable,
  blobs: TextBlobs,
  sessionId: string,
  items: readonly InboxItem[],
): Promise<readonly InboxItem[]> {
  const marks = await readMarks(
    table,
    sessionId,
    items.map(({ seq }) => seq),
  );
  return Promise.all(
    items.map(async (item) => {
      const { outcome: stored } = marks.of(item.seq);
      if (stored === undefined) return item;
      const text = await fromStoredText(blobs, sessionId, stored);
      return { ...item, outcome: parseItem(jsonText(outcome), marksKeyOf(sessionId, item.seq), text) };
    }),
  );
}

export async function readMarks(
  table: DynamoTable,
  sessionId: string,
  seqs: readonly number[],
): Promise<MessageMarks> {
  const keys = new Map(seqs.map((seq) => [marksKeyOf(sessionId, seq).sk, marksKeyOf(sessionId, seq)]));
  return new MessageMarks(sessionId, await table.getAll([...keys.values()]));
}

/** The marks of some messages as they were read. What writes them is written only if they still are. */
export class MessageMarks {
  readonly #sessionId: string;
  readonly #items: ReadonlyMap<string, Item>;

  constructor(sessionId: string, items: readonly (Item | undefined)[]) {
    this.#sessionId = sessionId;
    this.#items = new Map(items.flatMap((item) => (item === undefined ? [] : [[item.sk, item]])));
  }

  of(seq: number): { readonly revision: number; readonly outcome?: StoredText | undefined } {
    const key = marksKeyOf(this.#sessionId, seq);
    const item = this.#items.get(key.sk);
    const mark = z.object({ revision: z.int().default(0), outcome: storedText.optional() });
    return parseItem(mark, key, { revision: item?.[revisionOf(seq)], outcome: item?.[outcomeOf(seq)] });
  }

  /** What counts an edit of a message that has no outcome, and gives it one when it was deleted. */
  edit(seq: number, deleted: StoredText | undefined): Action {
    const { revision } = this.of(seq);
    const set = { [revisionOf(seq)]: revision + 1, ...(deleted && { [outcomeOf(seq)]: deleted }) };
    const is = { ...this.#isRevision(seq, revision), [outcomeOf(seq)]: undefined };
    return { update: marksKeyOf(this.#sessionId, seq), set, when: { is } };
  }

  /**
   * What an append writes. Throws `conflict` for a message that was edited since it was read, and for a second outcome.
   */
  settle(
    admitted: NonNullable<JournalWrite['admit']>['items'],
    outcomes: readonly StoredOutcome[],
  ): Action[] {
    const changes = new Map<string, { is: Record<string, unknown>; set: Record<string, unknown> }>();
    const changeOf = (seq: number) => {
      const { sk } = marksKeyOf(this.#sessionId, seq);
      const change = changes.get(sk) ?? { is: {}, set: {} };
      changes.set(sk, change);
      return change;
    };
    for (const { seq, revision } of admitted) {
      if (this.of(seq).revision !== revision) throw this.#conflict(seq, 'was edited since it was read');
      Object.assign(changeOf(seq).is, this.#isRevision(seq, revision));
    }
    for (const { seq, stored } of outcomes) {
      const { is, set } = changeOf(seq);
      if (this.of(seq).outcome !== undefined || outcomeOf(seq) in set) {
        throw this.#conflict(seq, 'already has its outcome');
      }
      is[outcomeOf(seq)] = undefined;
      set[outcomeOf(seq)] = stored;
    }
    return [...changes].map(([sk, { is, set }]) => {
      const key = { pk: marksKeyOf(this.#sessionId, 1).pk, sk };
      return Object.keys(set).length === 0
        ? { check: key, when: { is } }
        : { update: key, set, when: { is } };
    });
  }

  /** A message that was never edited has no mark. */
  #isRevision(seq: number, revision: number): Record<string, unknown> {
    return { [revisionOf(seq)]: revision === 0 ? undefined : revision };
  }

  #conflict(seq: number, what: string): Fault {
    return new Fault('conflict', `message ${seq} of session ${this.#sessionId} ${what}`);
  }
}
