import type { LedgerScope, Reservation, ReservationKey } from '../budget/reservation';

/** What one scope's money is at. */
export interface LedgerReport {
  readonly reservedNanoUsd: number;
  readonly spentNanoUsd: number;
  /** The part of `spentNanoUsd` that was settled without a report from the provider. */
  readonly estimatedNanoUsd: number;
}

/**
 * Money reserved and spent, in nano-US-dollars. A call is reserved at its worst case before it goes out, and settled
 * at what it cost, or released when it never went out.
 *
 * - a reservation is counted in every scope or in none
 * - above a cap it is `denied` and names the first such scope; a scope without a cap is only counted
 * - a call that costs nothing is always allowed
 * - an open key reserves once: a repeat changes nothing, another amount or other scopes are a `conflict`
 * - a settled key is never reserved again: `conflict`
 * - a released key can be reserved anew
 * - settling replaces the reservation by what was spent, once: a second settle changes nothing
 * - a settle above the reservation is recorded, even above a cap; what comes later is `denied`
 * - settling a released key still records what was spent
 * - settling an unknown key is `missing`
 * - releasing gives an open reservation back; of an unknown or settled key it changes nothing
 * - reserved plus spent is never above a cap, however many reserve at once
 * - open reservations of a session are listed by call number, until settled or released
 * - what was reserved, settled or released outlives the process
 * - a scope's report tells the estimated part; an unknown scope is all zero
 * - an amount, or a sum, that is no non-negative safe integer is `invalid`; so are no scope, a scope twice, no call
 */
export interface Ledger {
  reserve(key: ReservationKey, scopes: readonly LedgerScope[], amountNanoUsd: number): Promise<void>;
  /** `estimated`: the provider did not report the usage. */
  settle(key: ReservationKey, spentNanoUsd: number, estimated: boolean): Promise<void>;
  release(key: ReservationKey): Promise<void>;
  listReserved(sessionId: string): Promise<readonly Reservation[]>;
  report(scope: string): Promise<LedgerReport>;
}
