import { isFault, nextStatus } from '@swe/domain';
import type { Lease, Session } from '@swe/domain';
import { failSession } from '../agent/fail-session';
import type { Manager, ManagerPorts } from './manager-ports';
import type { SessionFacts } from './reconcile-policy';
import { startPauseMs } from './start-pause-policy';
import { withLease } from './with-lease';

/**
 * Brings up the session's next machine, once the one before is known to be dead: until then nothing happens, and the
 * next look tries again. The new generation is stored first, so that two managers never bring up two machines. When
 * there is no machine to be had, or one ends before it took up its work, that is tried again later, a bounded number of
 * times; then the person is told.
 */
export async function startWorker(
  ports: ManagerPorts,
  manager: Manager,
  { session, lease }: SessionFacts,
): Promise<void> {
  const { store, compute, clock, logger } = ports;
  const { id, generation: dead, revision, status, startAttempts = 0 } = session;
  if (dead > 0 && !(await compute.confirmDead(id, dead))) {
    logger.warn('worker.undead', { sessionId: id, generation: dead });
    return;
  }
  // Its first write would have changed the status: to have taken the lease is not to have begun.
  if (status === 'starting') {
    const left = lease?.generation === dead ? lease : undefined;
    return putOff(ports, manager, session, `machine ${dead} ended before it took up its work`, left);
  }
  const starting = await store.change(id, revision, {
    generation: dead + 1,
    status: nextStatus(status, 'worker.starting'),
    startAttempts: startAttempts + 1,
    stopping: undefined,
    leaseSeen: undefined,
    manageAtMs: clock.nowMs() + manager.timing.bootMs,
  });
  try {
    await compute.ensure(id, starting.generation);
    logger.info('worker.started', { sessionId: id, generation: starting.generation });
  } catch (error) {
    if (!isFault(error)) throw error;
    await putOff(ports, manager, starting, error.message);
  }
}

/** `left` is the lease of a machine that is known to be dead. */
async function putOff(
  ports: ManagerPorts,
  manager: Manager,
  session: Session,
  cause: string,
  left?: Lease,
): Promise<void> {
  const { store, clock, random, logger } = ports;
  const { id, revision, status, startAttempts = 0 } = session;
  logger.warn('worker.unavailable', { sessionId: id, attempt: startAttempts, reason: cause });
  const waiting = await store.change(id, revision, {
    status: nextStatus(status, 'worker.unavailable'),
    failure: cause,
    manageAtMs: undefined,
    retryAtMs: clock.nowMs() + startPauseMs(startAttempts, random.fraction()),
  });
  if (startAttempts < manager.timing.maxStartAttempts) return;
  const body = `I can't start: ${cause}\n\nSend a message to make me try again.`;
  const failure = { cause, body, effectKey: `${id}/cannot-start-${session.generation}` };
  const fail = (current: Session, fence: number) => failSession(ports, current, fence, failure);
  await withLease(ports, manager, waiting, fail, left);
}
