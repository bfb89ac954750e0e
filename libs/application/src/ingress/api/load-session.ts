import type { Session } from '@swe/domain';
import { ApiRefusal } from '@swe/domain/api';
import type { ApiCaller } from '@swe/domain/api';
import { ASIDE } from '../receive-aside';
import type { ApiPorts } from './api-ports';

/**
 * Whether a caller of the API sees a session. None sees those that nobody works in, which hold what was said to somebody
 * alone; and only its requester, or an admin, one that is private.
 */
export function isShown(
  { origin, isPrivate, requester }: Pick<Session, 'origin' | 'isPrivate' | 'requester'>,
  caller: ApiCaller,
): boolean {
  const isTheirs = caller.isAdmin || requester === caller.requester;
  return !origin.startsWith(ASIDE) && (isTheirs || isPrivate !== true);
}

export async function loadSession(
  { store }: Pick<ApiPorts, 'store'>,
  caller: ApiCaller,
  sessionId: string,
): Promise<Session> {
  const session = await store.load(sessionId);
  if (session !== undefined && isShown(session, caller)) return session;
  throw new ApiRefusal(404, `There is no session ${sessionId}.`);
}
