import { z } from 'zod';
import { Fault } from '../fault';
import { checkNanoUsd, nanoUsd, toUsd } from './nano-usd';

/** What money is counted for: a session and the one that it works for, or a month together, of a requester, in a repository, of a model (`scopesOf`). */
export interface LedgerScope {
  readonly name: string;
  /** Without it the scope is only counted. */
  readonly capNanoUsd?: number;
}

/** What names a reservation: a session's model call, by its number in the journal. */
export interface ReservationKey {
  readonly sessionId: string;
  readonly callNumber: number;
}

/** Money set aside for one model call. */
export interface Reservation {
  readonly key: ReservationKey;
  readonly amountNanoUsd: number;
}

/** A reservation as a ledger keeps it, also after it was settled or released. */
export const reservationRecord = z.object({
  amountNanoUsd: nanoUsd,
  /** Names of the scopes it was made in. */
  scopes: z.array(z.string()).readonly(),
  state: z.enum(['open', 'settled', 'released']),
});
export type ReservationRecord = z.infer<typeof reservationRecord>;

/** What a ledger keeps of a new reservation. Throws `invalid` for a call, scopes or an amount that can't be counted. */
export function openReservation(
  key: ReservationKey,
  scopes: readonly LedgerScope[],
  amountNanoUsd: number,
): ReservationRecord {
  checkNanoUsd(amountNanoUsd);
  for (const { capNanoUsd } of scopes) if (capNanoUsd !== undefined) checkNanoUsd(capNanoUsd);
  const names = scopes.map(({ name }) => name);
  if (names.length === 0 || new Set(names).size < names.length) {
    throw new Fault('invalid', `${callName(key)} is counted once in one scope or more, not in [${names}]`);
  }
  if (!Number.isSafeInteger(key.callNumber) || key.callNumber < 1) {
    throw new Fault('invalid', `${callName(key)} has no number`);
  }
  return { amountNanoUsd, scopes: names, state: 'open' };
}

/**
 * Whether `wanted` is what is `known` of its key already: its first answer was lost. Throws `conflict` for a call that
 * was paid, and for an open reservation of something else.
 */
export function isReserved(
  key: ReservationKey,
  known: ReservationRecord | undefined,
  wanted: ReservationRecord,
): boolean {
  if (known === undefined || known.state === 'released') return false;
  if (known.state === 'settled') throw new Fault('conflict', `${callName(key)} is settled`);
  const isSame =
    known.amountNanoUsd === wanted.amountNanoUsd &&
    new Set(known.scopes).symmetricDifference(new Set(wanted.scopes)).size === 0;
  if (!isSame) throw new Fault('conflict', `${callName(key)} has another reservation`);
  return true;
}

/**
 * Throws `denied`, naming the scope, when `amountNanoUsd` does not fit under its cap beside what is reserved and spent
 * there already. What costs nothing always fits.
 */
export function checkCap(scope: LedgerScope, committedNanoUsd: number, amountNanoUsd: number): void {
  const { name, capNanoUsd = Infinity } = scope;
  if (amountNanoUsd === 0 || amountNanoUsd <= capNanoUsd - committedNanoUsd) return;
  const [left, wanted] = [capNanoUsd - committedNanoUsd, amountNanoUsd].map(toUsd);
  throw new Fault('denied', `${name} has ${left} USD left, and the call may cost ${wanted}`, { scope: name });
}

/** For people. */
export function callName({ sessionId, callNumber }: ReservationKey): string {
  return `model call ${callNumber} of session ${sessionId}`;
}
