import { claimHolds, Fault, jsonText, outboxEntry } from '@swe/domain';
import type { Outbox, OutboxClaim, OutboxClaimant, OutboxEntry, OutboxItem, OutboxKey } from '@swe/domain';
import type { Action } from './action';
import type { DynamoTable } from './dynamo-table';
import { toEffectKey, toOutboxRecord } from './from-item';
import type { OutboxRecord } from './from-item';
import { outboxKey, undeliveredKey } from './item-key';
import { asRead, outboxActions, toStoredPosts } from './outbox-writes';
import { parseItem } from './stored-item';
import { fromStoredText } from './stored-text';
import type { TextBlobs } from './stored-text';
import { dueAttributes } from './to-item';

const LAST_POSITION = 999_999_999_999;

/** The outbox of each session, in the session's partition of a DynamoDB table. */
export class DynamoOutbox implements Outbox {
  readonly #table: DynamoTable;
  readonly #blobs: TextBlobs;

  constructor(table: DynamoTable, blobs: TextBlobs) {
    this.#table = table;
    this.#blobs = blobs;
  }

  async put(entry: OutboxEntry): Promise<void> {
    const { sessionId } = entry;
    const posts = await toStoredPosts(this.#blobs, sessionId, [entry]);
    await this.#table.transact(async () => ({
      result: undefined,
      actions: await outboxActions(this.#table, sessionId, posts, true),
    }));
  }

  async find(key: OutboxKey): Promise<OutboxEntry | undefined> {
    const record = await this.#read(key);
    return record && this.#entry(key.sessionId, record);
  }

  async listUndelivered(sessionId: string): Promise<readonly OutboxItem[]> {
    const { pk, sk: from } = undeliveredKey(sessionId, 0);
    const keys = [];
    for await (const pointer of this.#table.query(pk, from, undeliveredKey(sessionId, LAST_POSITION).sk)) {
      keys.push(outboxKey(sessionId, toEffectKey(pointer)));
    }
    const items = await this.#table.getAll(keys);
    const records = items.flatMap((item) => (item === undefined ? [] : [toOutboxRecord(item)]));
    return Promise.all(
      records
        // Settled since the pointers were read.
        .filter(({ isSettled }) => !isSettled)
        .map(async (record) => ({
          entry: await this.#entry(sessionId, record),
          dueAtMs: record.dueAtMs ?? 0,
          ...(record.claimant && { claimant: record.claimant }),
        })),
    );
  }

  async claim(key: OutboxKey, claimant: OutboxClaimant, nowMs: number): Promise<OutboxClaim> {
    const { sessionId, effectKey } = key;
    return this.#table.transact(async () => {
      const record = await this.#read(key);
      if (record === undefined) throw new Fault('missing', `there is no outbox entry ${effectKey}`);
      if (record.isSettled) throw new Fault('conflict', `${effectKey} was already delivered`);
      if (record.claimant !== undefined && claimHolds(record.claimant, claimant, nowMs)) {
        throw new Fault('conflict', `${effectKey} is claimed by ${record.claimant.name}`);
      }
      const entry = await this.#entry(sessionId, record);
      const attempt = record.attempts + 1;
      const set = {
        claimant: { ...claimant },
        attempts: attempt,
        ...this.#due(sessionId, claimant.lapsesAtMs),
      };
      return {
        result: { entry, claimant: claimant.name, attempt, receipts: record.receipts },
        actions: [changed(key, record, set)],
      };
    });
  }

  async record(claim: OutboxClaim, receipt: string): Promise<OutboxClaim> {
    // Behind what is stored: the claim at hand may be older than its last receipt.
    const after = (record: OutboxRecord) => [...record.receipts, receipt];
    const record = await this.#change(claim, (before) => ({ receipts: after(before) }));
    return { ...claim, receipts: after(record) };
  }

  async defer(claim: OutboxClaim, dueAtMs: number): Promise<void> {
    await this.#change(claim, () => ({ claimant: undefined, ...this.#due(claim.entry.sessionId, dueAtMs) }));
  }

  async settle(claim: OutboxClaim, refusal?: string): Promise<void> {
    const { sessionId } = claim.entry;
    await this.#change(
      claim,
      () => ({ claimant: undefined, isSettled: true, refusal, ...this.#due(sessionId, undefined) }),
      ({ position }) => [{ remove: undeliveredKey(sessionId, position) }],
    );
  }

  /** Writes attributes of an entry whose claim is neither given back nor lost. Returns what they were written over. */
  async #change(
    { entry, claimant, attempt }: OutboxClaim,
    toSet: (record: OutboxRecord) => Readonly<Record<string, unknown>>,
    alsoDo: (record: OutboxRecord) => readonly Action[] = () => [],
  ): Promise<OutboxRecord> {
    return this.#table.transact(async () => {
      const record = await this.#read(entry);
      const isHeld = record?.claimant?.name === claimant && record.attempts === attempt && !record.isSettled;
      if (!isHeld) throw new Fault('conflict', `${entry.effectKey} is not claimed by ${claimant} any more`);
      return { result: record, actions: [changed(entry, record, toSet(record)), ...alsoDo(record)] };
    });
  }

  async #read({ sessionId, effectKey }: OutboxKey): Promise<OutboxRecord | undefined> {
    const item = await this.#table.get(outboxKey(sessionId, effectKey));
    return item && toOutboxRecord(item);
  }

  async #entry(sessionId: string, { value }: OutboxRecord): Promise<OutboxEntry> {
    const text = await fromStoredText(this.#blobs, sessionId, value);
    return parseItem(jsonText(outboxEntry), outboxKey(sessionId, ''), text);
  }

  #due(sessionId: string, dueAtMs: number | undefined) {
    return dueAttributes(sessionId, this.#table.shards, dueAtMs);
  }
}

function changed(
  { sessionId, effectKey }: OutboxKey,
  record: OutboxRecord,
  set: Readonly<Record<string, unknown>>,
): Action {
  const next = { ...set, version: record.version + 1 };
  return { update: outboxKey(sessionId, effectKey), set: next, when: asRead(record) };
}
