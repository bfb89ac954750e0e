import { callName, checkCap, checkNanoUsd, Fault, isReserved, openReservation } from '@swe/domain';
import type {
  Ledger,
  LedgerReport,
  LedgerScope,
  Reservation,
  ReservationKey,
  ReservationRecord,
} from '@swe/domain';
import { isNew } from './action';
import type { Action, Condition } from './action';
import type { DynamoTable } from './dynamo-table';
import { toReservation, toTotals } from './from-item';
import type { LedgerTotals, ReservationItem } from './from-item';
import { ledgerKey, reservationKey } from './item-key';

const LAST_CALL = 999_999_999_999;

const NOTHING: LedgerTotals = {
  reservedNanoUsd: 0,
  spentNanoUsd: 0,
  estimatedNanoUsd: 0,
  committedNanoUsd: 0,
};

/**
 * Money in a DynamoDB table: a call's reservation in its session's partition, a scope's totals in a partition of their
 * own. Totals are added to, on the condition that there is room, so that rivals in a scope that all share meet only
 * where their writes overlap: a partition takes about 500 such writes a second, two for each model call.
 */
export class DynamoLedger implements Ledger {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async reserve(key: ReservationKey, scopes: readonly LedgerScope[], amountNanoUsd: number): Promise<void> {
    const wanted = openReservation(key, scopes, amountNanoUsd);
    await this.#table.transact(async () => {
      const known = await this.#find(key);
      if (isReserved(key, known, wanted)) return { result: undefined, actions: [] };
      const totals = await this.#totalsOf(wanted.scopes);
      const additions = scopes.map((scope, i) => {
        const before = totals[i];
        const committed = before?.committedNanoUsd ?? 0;
        checkCap(scope, committed, amountNanoUsd);
        const { name, capNanoUsd = Infinity } = scope;
        const cap = amountNanoUsd === 0 ? Infinity : capNanoUsd;
        return added(name, before, { ...NOTHING, reservedNanoUsd: amountNanoUsd }, cap);
      });
      return { result: undefined, actions: [saved(key, known, wanted), ...additions] };
    });
  }

  async settle(key: ReservationKey, spentNanoUsd: number, estimated: boolean): Promise<void> {
    checkNanoUsd(spentNanoUsd);
    await this.#table.transact(async () => {
      const known = await this.#find(key);
      if (known === undefined) throw new Fault('missing', `${callName(key)} has no reservation`);
      if (known.state === 'settled') return { result: undefined, actions: [] };
      const held = known.state === 'open' ? known.amountNanoUsd : 0;
      const change = { reservedNanoUsd: -held, spentNanoUsd, estimatedNanoUsd: estimated ? spentNanoUsd : 0 };
      return { result: undefined, actions: await this.#ended(key, known, 'settled', change) };
    });
  }

  async release(key: ReservationKey): Promise<void> {
    await this.#table.transact(async () => {
      const known = await this.#find(key);
      if (known?.state !== 'open') return { result: undefined, actions: [] };
      const change = { ...NOTHING, reservedNanoUsd: -known.amountNanoUsd };
      return { result: undefined, actions: await this.#ended(key, known, 'released', change) };
    });
  }

  async listReserved(sessionId: string): Promise<readonly Reservation[]> {
    const { pk, sk: from } = reservationKey(sessionId, 0);
    const open: Reservation[] = [];
    for await (const item of this.#table.query(pk, from, reservationKey(sessionId, LAST_CALL).sk)) {
      const { callNumber, amountNanoUsd, state } = toReservation(item);
      if (state === 'open') open.push({ key: { sessionId, callNumber }, amountNanoUsd });
    }
    return open;
  }

  async report(scope: string): Promise<LedgerReport> {
    const item = await this.#table.get(ledgerKey(scope));
    const { reservedNanoUsd, spentNanoUsd, estimatedNanoUsd } = item === undefined ? NOTHING : toTotals(item);
    return { reservedNanoUsd, spentNanoUsd, estimatedNanoUsd };
  }

  async #ended(
    key: ReservationKey,
    known: ReservationItem,
    state: 'settled' | 'released',
    change: LedgerReport,
  ): Promise<readonly Action[]> {
    const totals = await this.#totalsOf(known.scopes);
    const additions = known.scopes.map((name, i) => added(name, totals[i], change, Infinity));
    return [saved(key, known, { ...known, state }), ...additions];
  }

  async #find({ sessionId, callNumber }: ReservationKey): Promise<ReservationItem | undefined> {
    const item = await this.#table.get(reservationKey(sessionId, callNumber));
    return item && toReservation(item);
  }

  async #totalsOf(scopes: readonly string[]): Promise<readonly (LedgerTotals | undefined)[]> {
    const items = await this.#table.getAll(scopes.map(ledgerKey));
    return items.map((item) => item && toTotals(item));
  }
}

function saved(
  { sessionId, callNumber }: ReservationKey,
  known: ReservationItem | undefined,
  { amountNanoUsd, scopes, state }: ReservationRecord,
): Action {
  const version = (known?.version ?? 0) + 1;
  return {
    put: { ...reservationKey(sessionId, callNumber), callNumber, amountNanoUsd, scopes, state, version },
    when: known === undefined ? isNew : { is: { version: known.version } },
  };
}

/** `before` is what was read: what is written holds also when others wrote since, as long as there is room. */
function added(
  scope: string,
  before: LedgerTotals | undefined,
  { reservedNanoUsd, spentNanoUsd, estimatedNanoUsd }: LedgerReport,
  capNanoUsd: number,
): Action {
  const committedNanoUsd = reservedNanoUsd + spentNanoUsd;
  checkNanoUsd((before?.committedNanoUsd ?? 0) + committedNanoUsd);
  const room = Math.min(capNanoUsd, Number.MAX_SAFE_INTEGER) - committedNanoUsd;
  const isRoom: Condition = committedNanoUsd > 0 ? { atMost: { committedNanoUsd: room } } : {};
  return {
    add: ledgerKey(scope),
    amounts: { reservedNanoUsd, spentNanoUsd, estimatedNanoUsd, committedNanoUsd },
    when: before === undefined ? isNew : isRoom,
  };
}
