import type { Session } from '../session/session';
import { nanoUsdWords } from './nano-usd';
import type { LedgerScope } from './reservation';

/** What model calls may cost, in nano-US-dollars. Where there is no cap they are only counted. */
export interface SpendingCaps {
  /** Of a session, where its requester set no other. */
  readonly capNanoUsd: number;
  /** Of the session that it works for, where its requester set one. */
  readonly parentCapNanoUsd?: number | undefined;
  /** Of all calls of a calendar month (UTC): together, of each requester's sessions, in each repository. */
  readonly monthly?: {
    readonly all?: number | undefined;
    readonly requester?: number | undefined;
    readonly repository?: number | undefined;
  };
}

/** The scope that a session's own money is counted in. */
export const sessionScope = (sessionId: string): string => `session:${sessionId}`;

/** Scopes of a month, which is `yyyy-mm`. */
export const monthScope = (month: string): string => `month:${month}`;
export const requesterScope = (requester: string, month: string): string => `requester:${requester}/${month}`;
const repositoryScope = (url: string, month: string): string => `repository:${url}/${month}`;
const modelScope = (modelId: string, month: string): string => `model:${modelId}/${month}`;

/** The calendar month, in UTC, of a time in Unix milliseconds: `2026-11`. */
export const monthOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 7);

/** What a session may spend: what its requester set, else what is set for all. */
export function capOf({ capNanoUsd }: Pick<Session, 'capNanoUsd'>, defaultCapNanoUsd: number): number {
  return capNanoUsd ?? defaultCapNanoUsd;
}

/** Everything that a session's call of a model is counted in, its own money first: a cap names the first that is full. */
export function scopesOf(
  session: Pick<Session, 'id' | 'parent' | 'capNanoUsd' | 'requester' | 'repositories'>,
  { capNanoUsd, parentCapNanoUsd = capNanoUsd, monthly = {} }: SpendingCaps,
  modelId: string,
  nowMs: number,
): readonly LedgerScope[] {
  const month = monthOf(nowMs);
  const scope = (name: string, cap: number | undefined): LedgerScope =>
    cap === undefined ? { name } : { name, capNanoUsd: cap };
  return [
    scope(sessionScope(session.id), capOf(session, capNanoUsd)),
    ...(session.parent === undefined ? [] : [scope(sessionScope(session.parent), parentCapNanoUsd)]),
    scope(requesterScope(session.requester, month), monthly.requester),
    ...new Set(session.repositories)
      .values()
      .map((url) => scope(repositoryScope(url, month), monthly.repository)),
    scope(monthScope(month), monthly.all),
    scope(modelScope(modelId, month), undefined),
  ];
}

/** From so much of its cap on, who asked for a session is asked whether it may have more. */
const NEAR = 0.8;

export function isNearCap(spentNanoUsd: number, capNanoUsd: number): boolean {
  return capNanoUsd > 0 && spentNanoUsd >= NEAR * capNanoUsd;
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
