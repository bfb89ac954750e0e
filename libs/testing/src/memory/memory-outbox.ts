import { claimHolds, Fault } from '@swe/domain';
import type { Outbox, OutboxClaim, OutboxClaimant, OutboxEntry, OutboxItem, OutboxKey } from '@swe/domain';
import { MemoryStore } from './memory-store';
import type { OutboxRecord } from './memory-store';

export class MemoryOutbox implements Outbox {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore = new MemoryStore()) {
    this.#store = store;
  }

  async put(entry: OutboxEntry): Promise<void> {
    this.#store.putOutbox(entry);
  }

  async find({ sessionId, effectKey }: OutboxKey): Promise<OutboxEntry | undefined> {
    const entry = this.#store.outbox.get(effectKey)?.entry;
    return entry?.sessionId === sessionId ? entry : undefined;
  }

  async listUndelivered(sessionId: string): Promise<readonly OutboxItem[]> {
    return this.#store.undelivered(sessionId).map(({ entry, dueAtMs, claimant }) => ({
      entry,
      dueAtMs,
      ...(claimant && { claimant }),
    }));
  }

  async claim({ effectKey }: OutboxKey, claimant: OutboxClaimant, nowMs: number): Promise<OutboxClaim> {
    const record = this.#store.outbox.get(effectKey);
    if (record === undefined) throw new Fault('missing', `there is no outbox entry ${effectKey}`);
    if (record.isSettled) throw new Fault('conflict', `${effectKey} was already delivered`);
    if (record.claimant !== undefined && claimHolds(record.claimant, claimant, nowMs)) {
      throw new Fault('conflict', `${effectKey} is claimed by ${record.claimant.name}`);
    }
    record.claimant = claimant;
    record.dueAtMs = claimant.lapsesAtMs;
    record.attempts += 1;
    const { entry, attempts, receipts } = record;
    return { entry, claimant: claimant.name, attempt: attempts, receipts };
  }

  async record(claim: OutboxClaim, receipt: string): Promise<OutboxClaim> {
    const record = this.#own(claim);
    record.receipts = [...record.receipts, receipt];
    return { ...claim, receipts: record.receipts };
  }

  async defer(claim: OutboxClaim, dueAtMs: number): Promise<void> {
    Object.assign(this.#own(claim), { claimant: undefined, dueAtMs });
  }

  async settle(claim: OutboxClaim): Promise<void> {
    Object.assign(this.#own(claim), { claimant: undefined, isSettled: true });
  }

  #own({ entry, claimant, attempt }: OutboxClaim): OutboxRecord {
    const record = this.#store.outbox.get(entry.effectKey);
    if (record?.claimant?.name === claimant && record.attempts === attempt) return record;
    throw new Fault('conflict', `${entry.effectKey} is not claimed by ${claimant} any more`);
  }
}
