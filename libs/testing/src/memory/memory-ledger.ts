import { callName, checkCap, checkNanoUsd, Fault, isReserved, openReservation } from '@swe/domain';
import type { Ledger, LedgerReport, LedgerScope, Reservation, ReservationKey } from '@swe/domain';
import { MemoryStore } from './memory-store';
import type { LedgerRecord } from './memory-store';

/** Keeps every call, and adds up when it is asked. */
export class MemoryLedger implements Ledger {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore = new MemoryStore()) {
    this.#store = store;
  }

  async reserve(key: ReservationKey, scopes: readonly LedgerScope[], amountNanoUsd: number): Promise<void> {
    const wanted = openReservation(key, scopes, amountNanoUsd);
    if (isReserved(key, this.#find(key), wanted)) return;
    for (const scope of scopes) {
      const committed = this.#committed(scope.name);
      checkCap(scope, committed, amountNanoUsd);
      checkNanoUsd(committed + amountNanoUsd);
    }
    this.#save({ ...wanted, key: { ...key }, spentNanoUsd: 0, estimated: false });
  }

  async settle(key: ReservationKey, spentNanoUsd: number, estimated: boolean): Promise<void> {
    checkNanoUsd(spentNanoUsd);
    const known = this.#find(key);
    if (known === undefined) throw new Fault('missing', `${callName(key)} has no reservation`);
    if (known.state === 'settled') return;
    const held = known.state === 'open' ? known.amountNanoUsd : 0;
    for (const name of known.scopes) checkNanoUsd(this.#committed(name) - held + spentNanoUsd);
    this.#save({ ...known, state: 'settled', spentNanoUsd, estimated });
  }

  async release(key: ReservationKey): Promise<void> {
    const known = this.#find(key);
    if (known?.state === 'open') this.#save({ ...known, state: 'released' });
  }

  async listReserved(sessionId: string): Promise<readonly Reservation[]> {
    return [...this.#store.ledger.values()]
      .filter(({ key, state }) => key.sessionId === sessionId && state === 'open')
      .map(({ key, amountNanoUsd }) => ({ key, amountNanoUsd }))
      .toSorted((a, b) => a.key.callNumber - b.key.callNumber);
  }

  async report(scope: string): Promise<LedgerReport> {
    return this.#totals(scope);
  }

  #totals(scope: string): LedgerReport {
    const records = [...this.#store.ledger.values()].filter(({ scopes }) => scopes.includes(scope));
    return {
      reservedNanoUsd: sum(records.filter(({ state }) => state === 'open').map((each) => each.amountNanoUsd)),
      spentNanoUsd: sum(records.map((each) => each.spentNanoUsd)),
      estimatedNanoUsd: sum(records.filter(({ estimated }) => estimated).map((each) => each.spentNanoUsd)),
    };
  }

  #committed(scope: string): number {
    const { reservedNanoUsd, spentNanoUsd } = this.#totals(scope);
    return reservedNanoUsd + spentNanoUsd;
  }

  #find(key: ReservationKey): LedgerRecord | undefined {
    return this.#store.ledger.get(idOf(key));
  }

  #save(record: LedgerRecord): void {
    this.#store.ledger.set(idOf(record.key), record);
  }
}

function idOf({ sessionId, callNumber }: ReservationKey): string {
  return `${callNumber} ${sessionId}`;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
