import type { LedgerReport, LedgerScope, Reservation, ReservationKey } from '@swe/domain';

interface Call {
  readonly key: ReservationKey;
  readonly amount: number;
  readonly scopes: readonly string[];
  state: 'open' | 'settled' | 'released';
}

/** How a call to a ledger ends: `done`, or the fault's kind with the scope it names. */
export type LedgerEnd = string;

/** What a ledger does, in running totals and without a store: what adapters are compared with. */
export class LedgerModel {
  readonly #calls = new Map<string, Call>();
  readonly #totals = new Map<string, LedgerReport>();
  readonly #overshot = new Map<string, number>();

  reserve(key: ReservationKey, scopes: readonly LedgerScope[], amount: number): LedgerEnd {
    const known = this.#calls.get(idOf(key));
    const names = scopes.map(({ name }) => name);
    if (known?.state === 'settled') return 'conflict';
    if (known?.state === 'open') return isSame(known, amount, names) ? 'done' : 'conflict';
    const full = scopes.find((scope) => amount > 0 && this.committed(scope.name) + amount > capOf(scope));
    if (full !== undefined) return `denied ${full.name}`;
    this.#calls.set(idOf(key), { key, amount, scopes: names, state: 'open' });
    for (const name of names) this.#add(name, amount, 0, 0);
    return 'done';
  }

  settle(key: ReservationKey, spent: number, estimated: boolean): LedgerEnd {
    const known = this.#calls.get(idOf(key));
    if (known === undefined) return 'missing';
    if (known.state === 'settled') return 'done';
    const held = known.state === 'open' ? known.amount : 0;
    known.state = 'settled';
    for (const name of known.scopes) {
      this.#add(name, -held, spent, estimated ? spent : 0);
      this.#overshot.set(name, this.overshot(name) + Math.max(0, spent - held));
    }
    return 'done';
  }

  release(key: ReservationKey): LedgerEnd {
    const known = this.#calls.get(idOf(key));
    if (known?.state !== 'open') return 'done';
    known.state = 'released';
    for (const name of known.scopes) this.#add(name, -known.amount, 0, 0);
    return 'done';
  }

  report(scope: string): LedgerReport {
    return this.#totals.get(scope) ?? { reservedNanoUsd: 0, spentNanoUsd: 0, estimatedNanoUsd: 0 };
  }

  listReserved(sessionId: string): readonly Reservation[] {
    return [...this.#calls.values()]
      .filter(({ key, state }) => key.sessionId === sessionId && state === 'open')
      .map(({ key, amount }) => ({ key, amountNanoUsd: amount }))
      .toSorted((a, b) => a.key.callNumber - b.key.callNumber);
  }

  committed(scope: string): number {
    const { reservedNanoUsd, spentNanoUsd } = this.report(scope);
    return reservedNanoUsd + spentNanoUsd;
  }

  /** By how much bills were above their reservations: as far as a scope may be above its cap. */
  overshot(scope: string): number {
    return this.#overshot.get(scope) ?? 0;
  }

  #add(scope: string, reserved: number, spent: number, estimated: number): void {
    const { reservedNanoUsd, spentNanoUsd, estimatedNanoUsd } = this.report(scope);
    this.#totals.set(scope, {
      reservedNanoUsd: reservedNanoUsd + reserved,
      spentNanoUsd: spentNanoUsd + spent,
      estimatedNanoUsd: estimatedNanoUsd + estimated,
    });
  }
}

function capOf({ capNanoUsd = Infinity }: LedgerScope): number {
  return capNanoUsd;
}

function isSame(known: Call, amount: number, scopes: readonly string[]): boolean {
  return known.amount === amount && `${known.scopes.toSorted()}` === `${scopes.toSorted()}`;
}

function idOf({ sessionId, callNumber }: ReservationKey): string {
  return `${sessionId} ${callNumber}`;
}
