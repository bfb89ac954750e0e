import { nanoUsdWords, toNanoUsd } from '@swe/domain';
import type { Session, SessionChange } from '@swe/domain';
import { ApiRefusal } from '@swe/domain/api';
import type { ApiCaller, NewSessionRequest } from '@swe/domain/api';
import { ownsSession } from '../who-may-policy';

/** The session that a new one is to work for, as it is found. */
export interface FoundParent {
  readonly session: Session;
  readonly leftNanoUsd: number;
}

/**
 * What makes a new session the child of another: it spends under that one's cap as well, and its own is at most what is
 * left there, and as private as it is. Throws the refusal where it may not be one.
 */
export function childOf(
  { session, leftNanoUsd }: FoundParent,
  { requester, isAdmin }: ApiCaller,
  { budgetUsd }: Pick<NewSessionRequest, 'budgetUsd'>,
  defaultCapNanoUsd: number,
): Pick<SessionChange, 'parent' | 'capNanoUsd' | 'isPrivate'> {
  const refused = (detail: string, member = 'parent'): ApiRefusal => new ApiRefusal(422, detail, member);
  if (!ownsSession(session, requester, { isAdmin, isAllowed: true })) {
    throw refused('Only the key that began a session, or one with the scope `admin`, may name it as parent.');
  }
  if (session.status === 'ended') throw refused(`Session ${session.id} has ended.`);
  if (session.parent !== undefined) {
    throw refused(`Session ${session.id} is a child itself: name its parent ${session.parent} instead.`);
  }
  const wanted = budgetUsd === undefined ? undefined : toNanoUsd(budgetUsd);
  if (wanted !== undefined && wanted > leftNanoUsd) {
    const left = nanoUsdWords(leftNanoUsd);
    throw refused(`Session ${session.id} has ${left} left: a child of it gets no more.`, 'budgetUsd');
  }
  return {
    parent: session.id,
    capNanoUsd: wanted ?? Math.min(defaultCapNanoUsd, leftNanoUsd),
    ...(session.isPrivate && { isPrivate: true }),
  };
}
