import { isFault, nextStatus } from '@swe/domain';
import type { Lease, Session } from '@swe/domain';
import { failSession } from '../agent/fail-session';
import type { Manager, ManagerPorts } from './manager-ports';
import type { SessionFacts } from './reconcile-policy';
import { holdStarts } from './start-hold-policy';
import { startPauseMs } from './start-pause-policy';
import { withLease } from './with-lease';

/** How many of the latest sessions tell whether machines come up. */
const SESSIONS_ASKED = 50;

/**
 * Brings up the session's next machine, once the one before is known to be dead: until then nothing happens, and the
 * next look tries again. The new generation is stored first, so that two managers never bring up two machines. When
 * there is no machine to be had, or one ends before it took up its work, that is tried again later, a bounded number of
 * times; then the person is told, and no machine is left lying. When machines of many sessions end so, few are started until one comes up.
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
    const ended = `machine ${dead} ended before it took up its work`;
    const cause = session.failure === undefined ? `${ended}, see its log` : `${ended}: ${session.failure}`;
    return putOff(ports, manager, session, { cause, bootFailedAtMs: clock.nowMs(), left });
  }
  const { maxStartAttempts, keepStoppedMs, makeMs } = manager.timing;
  if (startAttempts >= maxStartAttempts && lease !== undefined) {
    const cause = `${startAttempts} machines in a row ended in the middle of its work, before they got a step further`;
    const lasting = await store.change(id, revision, { manageAtMs: clock.nowMs() + keepStoppedMs });
    return giveUp(ports, manager, lasting, cause, lease);
  }
  if (await isHeld(ports, session)) return;
  const starting = await store.change(id, revision, {
    generation: dead + 1,
    status: nextStatus(status, 'worker.starting'),
    startAttempts: startAttempts + 1,
    // What this machine may say of itself, not what another one did.
    failure: undefined,
    stopping: undefined,
    leaseSeen: undefined,
    manageAtMs: clock.nowMs() + makeMs,
  });
  try {
    await compute.ensure(id, starting.generation);
    logger.info('worker.started', { sessionId: id, generation: starting.generation });
  } catch (error) {
    const cause = Error.isError(error) ? error.message : String(error);
    // What no adapter knows is a bug, but the session waits no longer for it than for anything else.
    if (!isFault(error)) logger.error('worker.unstartable', { sessionId: id, reason: cause });
    return putOff(ports, manager, starting, { cause });
  }
  await waitForBoot(ports, manager, starting);
}

/** From here on the machine has its time to come up, unless it has said something of itself already. */
async function waitForBoot(
  { store, clock }: ManagerPorts,
  { timing }: Manager,
  { id, revision }: Session,
): Promise<void> {
  try {
    await store.change(id, revision, { manageAtMs: clock.nowMs() + timing.bootMs });
  } catch (error) {
    if (!isFault(error, 'conflict')) throw error;
  }
}

/** True, and written down, when machines of others do not come up either. */
async function isHeld({ store, clock, logger }: ManagerPorts, { id, revision }: Session): Promise<boolean> {
  const { items: latest } = await store.list({ limit: SESSIONS_ASKED });
  const hold = holdStarts(latest, clock.nowMs());
  if (hold === undefined) return false;
  const { untilMs: retryAtMs, cause: failure } = hold;
  logger.warn('worker.held', { sessionId: id, untilMs: retryAtMs, reason: failure });
  await store.change(id, revision, { retryAtMs, failure });
  return true;
}

interface StartFailure {
  readonly cause: string;
  /** When there was a machine, but it did not come up. */
  readonly bootFailedAtMs?: number;
  /** The lease of a machine that is known to be dead. */
  readonly left?: Lease | undefined;
}

async function putOff(
  ports: ManagerPorts,
  manager: Manager,
  session: Session,
  { cause, bootFailedAtMs, left }: StartFailure,
): Promise<void> {
  const { store, clock, random, logger } = ports;
  const { id, revision, status, startAttempts = 0 } = session;
  const { maxStartAttempts, keepStoppedMs } = manager.timing;
  logger.warn('worker.unavailable', { sessionId: id, attempt: startAttempts, reason: cause });
  const isGivenUp = startAttempts >= maxStartAttempts;
  // A machine that does not come up goes with its disk, which may be what is broken.
  const leaveAtMs = bootFailedAtMs ?? clock.nowMs() + keepStoppedMs;
  const waiting = await store.change(id, revision, {
    status: nextStatus(status, 'worker.unavailable'),
    failure: cause,
    ...(bootFailedAtMs !== undefined && { bootFailedAtMs }),
    manageAtMs: isGivenUp ? leaveAtMs : undefined,
    retryAtMs: clock.nowMs() + startPauseMs(startAttempts, random.fraction()),
  });
  if (isGivenUp) await giveUp(ports, manager, waiting, cause, left);
}

/** Fails what is open, and tells why. `left` is the lease of a machine that is known to be dead. */
async function giveUp(
  ports: ManagerPorts,
  manager: Manager,
  session: Session,
  cause: string,
  left: Lease | undefined,
): Promise<void> {
  const { id, generation } = session;
  ports.logger.error('session.given-up', { sessionId: id, reason: cause });
  const body = `I can't start: ${cause}\n\nSend a message to make me try again.`;
  const failure = { cause, body, effectKey: `${id}/cannot-start-${generation}` };
  const fail = (current: Session, fence: number) => failSession(ports, current, fence, failure);
  await withLease(ports, manager, session, fail, left);
}
