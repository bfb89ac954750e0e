import { Fault, isFault, isGrantedMore } from '@swe/domain';
import type { Clock, Session, SessionChange, SessionStore } from '@swe/domain';

interface ChangingPorts {
  readonly store: Pick<SessionStore, 'load' | 'change'>;
}

/** Writes to a session that a manager, too, may be writing to. `changeOf` is asked again when somebody was faster. */
export async function changeSession(
  { store }: ChangingPorts,
  sessionId: string,
  changeOf: (session: Session) => SessionChange,
): Promise<Session> {
  for (;;) {
    const session = await store.load(sessionId);
    if (session === undefined) throw new Fault('missing', `session ${sessionId} is gone`);
    const change = changeOf(session);
    if (Object.keys(change).length === 0) return session;
    try {
      return await store.change(sessionId, session.revision, change);
    } catch (error) {
      if (!isFault(error, 'conflict')) throw error;
    }
  }
}

/** Lets a session spend so much; one that stood still for want of it goes on. */
export function setBudget(
  ports: ChangingPorts & { readonly clock: Pick<Clock, 'nowMs'> },
  sessionId: string,
  capNanoUsd: number,
): Promise<Session> {
  return changeSession(ports, sessionId, (session) => ({
    capNanoUsd,
    ...(isGrantedMore({ ...session, capNanoUsd }, capNanoUsd) && { retryAtMs: ports.clock.nowMs() }),
  }));
}
