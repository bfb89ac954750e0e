import type { Session } from '@swe/domain';
import { ApiRefusal } from '@swe/domain/api';
import { ASIDE } from '../receive-aside';
import type { ApiPorts } from './api-ports';

/** Sessions that nobody works in, and that hold what was said to somebody alone, are none of the API's. */
export const isShown = ({ origin }: Session): boolean => !origin.startsWith(ASIDE);

export async function loadSession({ store }: Pick<ApiPorts, 'store'>, sessionId: string): Promise<Session> {
  const session = await store.load(sessionId);
  if (session !== undefined && isShown(session)) return session;
  throw new ApiRefusal(404, `There is no session ${sessionId}.`);
}
