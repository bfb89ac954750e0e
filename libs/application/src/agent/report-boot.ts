import { isFault } from '@swe/domain';
import type { Clock, SessionChange, SessionStore } from '@swe/domain';
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
export function reportBoot(
  { store, clock }: BootPorts,
  machine: Pick<SessionWorker, 'sessionId' | 'generation'>,
  bootMs: number,
): Promise<boolean> {
  return changeWhileStarting(store, machine, () => ({ manageAtMs: clock.nowMs() + bootMs }));
}

/**
 * Says why a machine does not come up: its manager ends it at its next look, instead of waiting for it, and has a reason
 * to tell. False as for `reportBoot`.
 */
export function reportBootFailure(
  { store, clock }: BootPorts,
  machine: Pick<SessionWorker, 'sessionId' | 'generation'>,
  cause: string,
): Promise<boolean> {
  return changeWhileStarting(store, machine, () => ({ manageAtMs: clock.nowMs(), failure: cause }));
}

async function changeWhileStarting(
  store: BootPorts['store'],
  { sessionId, generation }: Pick<SessionWorker, 'sessionId' | 'generation'>,
  change: () => SessionChange,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const session = await store.load(sessionId);
    if (session?.generation !== generation || session.status !== 'starting') return false;
    try {
      await store.change(sessionId, session.revision, change());
      return true;
    } catch (error) {
      if (!isFault(error, 'conflict') || attempt === ATTEMPTS) throw error;
    }
  }
}
