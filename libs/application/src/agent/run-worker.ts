import { isFault } from '@swe/domain';
import { runSession } from './run-session';
import type { SessionTiming } from './run-session';
import type { AgentProfile } from './run-turn';
import type { AgentPorts } from './agent-ports';
import type { SessionWorker } from './take-lease';

export interface WorkerTiming extends SessionTiming {
  /** How often a worker that let its session go looks for work. */
  readonly waitingPollMs: number;
}

export const DEFAULT_WORKER_TIMING: WorkerTiming = {
  pollMs: 1_000,
  waitingPollMs: 5_000,
  idleMs: 30 * 60_000,
  checkpointMs: 15_000,
  leaseTtlMs: 30_000,
  heartbeatMs: 10_000,
};

/**
 * A machine's whole life: serves its session, lets it go when idle or parked, and goes on when there is work again.
 * Returns when the machine is no longer wanted: it is being stopped, a newer one has its place, or `signal` aborts, which
 * saves and leaves a turn that is under way (`runSession`).
 * Stopping the machine is for the manager alone.
 */
export async function runWorker(
  ports: AgentPorts,
  worker: SessionWorker,
  profile: AgentProfile,
  timing: WorkerTiming,
  signal: AbortSignal,
): Promise<void> {
  const { logger } = ports;
  const { sessionId } = worker;
  while (!signal.aborted) {
    try {
      const { hasLeft = false } = await runSession(ports, worker, profile, timing, signal);
      if (hasLeft) logger.info('session.left', { sessionId });
    } catch (error) {
      // Another took the lease, or a message was edited while it was admitted. What is stored decides.
      if (!isFault(error, 'conflict', 'transient', 'throttled')) throw error;
      logger.warn('session.lost', { sessionId, reason: error.message });
    }
    if (!(await workArrives(ports, worker, timing, signal))) return;
  }
}

/** A store that cannot be asked, for a wrong clock, say, is asked less and less often: up to every 80 seconds. */
const MAX_DOUBLINGS = 4;

/** False when the machine is no longer wanted. */
async function workArrives(
  { store, clock, logger }: Pick<AgentPorts, 'store' | 'clock' | 'logger'>,
  { sessionId, generation }: SessionWorker,
  { waitingPollMs }: WorkerTiming,
  signal: AbortSignal,
): Promise<boolean> {
  for (let failures = 0; ;) {
    await clock.sleep(waitingPollMs * 2 ** Math.min(failures, MAX_DOUBLINGS), signal);
    if (signal.aborted) return false;
    try {
      const session = await store.load(sessionId);
      if (session === undefined || session.status === 'ended') return false;
      if (session.generation !== generation || session.stopping === true) return false;
      const { retryAtMs = Infinity, wakeAtMs = Infinity } = session;
      if (Math.min(retryAtMs, wakeAtMs) <= clock.nowMs()) return true;
      if ((await store.readInbox(sessionId, session.cursor)).length > 0) return true;
      if ((await store.readLease(sessionId)) !== undefined) return true;
      failures = 0;
    } catch (error) {
      if (!isFault(error)) throw error;
      failures += 1;
      logger.warn('inbox.unreadable', { sessionId, reason: error.message });
    }
  }
}
