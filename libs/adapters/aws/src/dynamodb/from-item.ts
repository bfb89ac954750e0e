import { jsonText, lease, nanoUsd, reservationRecord, session } from '@swe/domain';
import type { Lease, Session } from '@swe/domain';
import { z } from 'zod';
import type { Item } from './action';
import { parseItem } from './stored-item';
import { storedText } from './stored-text';

const sessionItem = z.object({ value: jsonText(session) });
/** Beside a session's value. */
const capItem = z.object({ capNanoUsd: z.int().nonnegative().optional() });
const headItem = z.object({ seq: z.int().nonnegative(), isClosed: z.boolean().default(false) });
const leaseItem = z.object({
  holder: z.string().optional(),
  generation: z.int().nonnegative(),
  fence: z.int().positive(),
  revision: z.int().positive(),
  journalSeq: z.int().nonnegative().default(0),
});
const aliasItem = z.object({ sessionId: z.string(), rounds: z.int().nonnegative() });
const seenItem = z.object({ sessionId: z.string(), seq: z.int().positive() });
const valueItem = z.object({ value: storedText });
const positionItem = z.object({ position: z.int().nonnegative() });
const undeliveredItem = z.object({ effectKey: z.string() });
const outboxItem = z.object({
  value: storedText,
  bodyHash: z.string(),
  position: z.int().positive(),
  /** Counts writes. */
  version: z.int().positive(),
  attempts: z.int().nonnegative(),
  receipts: z.array(z.string()),
  isSettled: z.boolean(),
  dueAtMs: z.int().optional(),
  claimant: z.object({ name: z.string(), fence: z.int().exactOptional(), lapsesAtMs: z.int() }).optional(),
});

const reservationItem = reservationRecord.extend({
  callNumber: z.int().positive(),
  /** Counts writes. */
  version: z.int().positive(),
});
const totalsItem = z.object({
  reservedNanoUsd: nanoUsd,
  spentNanoUsd: nanoUsd,
  estimatedNanoUsd: nanoUsd,
  /** Reserved plus spent, which no condition can add. */
  committedNanoUsd: nanoUsd,
});

/** The inbox's last number. A closed one takes no more messages: its session has ended. */
export type Head = z.infer<typeof headItem>;
/** Without a holder it is free. `journalSeq` is the number of the journal's last entry. */
export type LeaseRecord = z.infer<typeof leaseItem>;
/** An origin's session, and how many sessions of its own the origin has had. */
export type Alias = z.infer<typeof aliasItem>;
export type Seen = z.infer<typeof seenItem>;
export type OutboxRecord = z.infer<typeof outboxItem>;
export type ReservationItem = z.infer<typeof reservationItem>;
export type LedgerTotals = z.infer<typeof totalsItem>;

export const toSession = (item: Item): Session => parseItem(sessionItem, item, item).value;
export const toCap = (item: Item): number | undefined => parseItem(capItem, item, item).capNanoUsd;
export const toHead = (item: Item): Head => parseItem(headItem, item, item);
export const toLeaseRecord = (item: Item): LeaseRecord => parseItem(leaseItem, item, item);
export const toAlias = (item: Item): Alias => parseItem(aliasItem, item, item);
export const toSeen = (item: Item): Seen => parseItem(seenItem, item, item);
export const toValue = (item: Item) => parseItem(valueItem, item, item).value;
export const toPosition = (item: Item): number => parseItem(positionItem, item, item).position;
export const toEffectKey = (item: Item): string => parseItem(undeliveredItem, item, item).effectKey;
export const toReservation = (item: Item): ReservationItem => parseItem(reservationItem, item, item);
export const toTotals = (item: Item): LedgerTotals => parseItem(totalsItem, item, item);
export const toOutboxRecord = (item: Item): OutboxRecord => parseItem(outboxItem, item, item);

export function toHeldLease(sessionId: string, record: LeaseRecord | undefined): Lease | undefined {
  if (record?.holder === undefined) return undefined;
  return lease.parse({ ...record, sessionId });
}
