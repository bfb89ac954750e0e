import { capOf, sessionScope } from '@swe/domain';
import type { Ledger, Session, SessionStore } from '@swe/domain';

/** What a session may still spend, with what is set aside for its calls taken off. */
export async function moneyLeft(
  ledger: Pick<Ledger, 'report'>,
  session: Pick<Session, 'id' | 'capNanoUsd'>,
  defaultCapNanoUsd: number,
): Promise<number> {
  const { reservedNanoUsd, spentNanoUsd } = await ledger.report(sessionScope(session.id));
  return Math.max(0, capOf(session, defaultCapNanoUsd) - reservedNanoUsd - spentNanoUsd);
}

/** The same of the session that this one works for; undefined for one that works for none. */
export async function moneyLeftOfParent(
  { store, ledger }: { readonly store: Pick<SessionStore, 'load'>; readonly ledger: Pick<Ledger, 'report'> },
  { parent }: Pick<Session, 'parent'>,
  defaultCapNanoUsd: number,
): Promise<number | undefined> {
  if (parent === undefined) return undefined;
  return moneyLeft(ledger, (await store.load(parent)) ?? { id: parent }, defaultCapNanoUsd);
}
