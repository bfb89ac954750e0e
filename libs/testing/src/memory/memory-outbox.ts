import { Fault } from '@swe/domain';
import type { Outbox, OutboxClaim, OutboxEntry } from '@swe/domain';
import { MemoryStore } from './memory-store';

export class MemoryOutbox implements Outbox {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore = new MemoryStore()) {
    this.#store = store;
  }

  async put(entry: OutboxEntry): Promise<void> {
    this.#store.putOutbox(entry);
  }

  async listUndelivered(sessionId: string): Promise<readonly OutboxEntry[]> {
    return [...this.#store.outbox.values()]
      .filter(({ entry, receipt }) => entry.sessionId === sessionId && receipt === undefined)
      .map(({ entry }) => entry);
  }

  async claim(effectKey: string, claimant: string, nowMs: number, lapsesAtMs: number): Promise<OutboxClaim> {
    const record = this.#store.outbox.get(effectKey);
    if (record === undefined) throw new Fault('missing', `there is no outbox entry ${effectKey}`);
    if (record.receipt !== undefined) throw new Fault('conflict', `${effectKey} was already delivered`);
    const { claim } = record;
    if (claim !== undefined && claim.claimant !== claimant && claim.lapsesAtMs > nowMs) {
      throw new Fault('conflict', `${effectKey} is claimed by ${claim.claimant}`);
    }
    record.claim = { claimant, lapsesAtMs };
    record.attempts += 1;
    return { entry: record.entry, claimant, attempt: record.attempts };
  }

  async settle({ entry, claimant, attempt }: OutboxClaim, receipt: string): Promise<void> {
    const record = this.#store.outbox.get(entry.effectKey);
    const isOwn = record?.claim?.claimant === claimant && record.attempts === attempt;
    if (record === undefined || !isOwn || record.receipt !== undefined) {
      throw new Fault('conflict', `${entry.effectKey} is not claimed by ${claimant} any more`);
    }
    record.receipt = receipt;
  }
}
