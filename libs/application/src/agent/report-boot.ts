import { isFault } from '@swe/domain';
import type { Clock, SessionStore } from '@swe/domain';
import type { SessionWorker } from './take-lease';

export interface BootPorts {
  readonly store: Pick<SessionStore, 'load' | 'change'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** A session that comes up has few writers: its manager, and the ingress when a message comes. */
const ATTEMPTS = 5;

/**
 * Says that a machine has got further in coming up: its manager waits for it for `bootMs` from now on. Meant for the
 * steps of a boot script, never for a timer, since what hangs must not report. False when there is nothing to come up
 * for: a newer machine has its place, or the session is over or was given up.
 */
export async function reportBoot(
  { store, clock }: BootPorts,
  { sessionId, generation }: Pick<SessionWorker, 'sessionId' | 'generation'>,
  bootMs: number,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const session = await store.load(sessionId);
    if (session?.generation !== generation || session.status !== 'starting') return false;
    try {
      await store.change(sessionId, session.revision, { manageAtMs: clock.nowMs() + bootMs });
      return true;
    } catch (error) {
      if (!isFault(error, 'conflict') || attempt === ATTEMPTS) throw error;
    }
  }
}
