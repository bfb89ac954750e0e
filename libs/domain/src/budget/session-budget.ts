import type { Session } from '../session/session';
import { nanoUsdWords } from './nano-usd';
import type { LedgerScope } from './reservation';

type Budgeted = Pick<Session, 'id' | 'capNanoUsd'>;

/** The scope that a session's own money is counted in. */
export const sessionScope = (sessionId: string): string => `session:${sessionId}`;

/** What a session may spend: what its requester set, else what is set for all. */
export function capOf({ capNanoUsd }: Pick<Session, 'capNanoUsd'>, defaultCapNanoUsd: number): number {
  return capNanoUsd ?? defaultCapNanoUsd;
}

/** Everything that a session's calls are counted in. */
export function scopesOf(session: Budgeted, defaultCapNanoUsd: number): readonly LedgerScope[] {
  return [{ name: sessionScope(session.id), capNanoUsd: capOf(session, defaultCapNanoUsd) }];
}

/** Whether a session that was put down over its cap may spend more now: it goes on by itself then. */
export function isGrantedMore(
  session: Pick<Session, 'capNanoUsd' | 'deniedCapNanoUsd'>,
  defaultCapNanoUsd: number,
): boolean {
  const { deniedCapNanoUsd } = session;
  return deniedCapNanoUsd !== undefined && capOf(session, defaultCapNanoUsd) > deniedCapNanoUsd;
}

/** `$1.20 of $10.00`. */
export function spentWords(spentNanoUsd: number, capNanoUsd: number): string {
  return `${nanoUsdWords(spentNanoUsd)} of ${nanoUsdWords(capNanoUsd)}`;
}
