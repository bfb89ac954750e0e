import { isFault, nextStatus } from '@swe/domain';
import type { InboxItem } from '@swe/domain';
import { deliverOutbox } from '../agent/deliver-outbox';
import { refusalOf, rememberingDirectory } from '../agent/refuse-work';
import { freeLease } from './free-lease';
import type { Manager, ManagerPorts } from './manager-ports';
import { decide, exists, isAlive } from './reconcile-policy';
import type { Action, SessionFacts, StoredFacts } from './reconcile-policy';
import { runCommands } from './run-commands';
import { startWorker } from './start-worker';
import { tellDelay } from './tell-delay';

/**
 * Looks at one session and does what it needs next: starts, stops or terminates its machine, runs commands, delivers
 * what nobody else will. Throws nothing that another look would not mend; somebody acting at the same time wins.
 */
export async function reconcileSession(
  given: ManagerPorts,
  manager: Manager,
  sessionId: string,
): Promise<void> {
  const ports = { ...given, directory: rememberingDirectory(given.directory) };
  const { store, logger } = ports;
  const session = await store.load(sessionId);
  if (session === undefined) return;
  const stored: StoredFacts = {
    session,
    lease: await store.readLease(sessionId),
    inbox: await store.readInbox(sessionId, session.cursor),
  };
  try {
    await doNext(ports, manager, stored);
    if ((await store.readLease(sessionId)) === undefined) await deliver(ports, manager, sessionId);
  } catch (error) {
    if (!isFault(error, 'conflict')) throw error;
    logger.debug('session.overtaken', { sessionId, reason: error.message });
  }
}

async function doNext(ports: ManagerPorts, manager: Manager, stored: StoredFacts): Promise<void> {
  const { compute, logger } = ports;
  const { id: sessionId } = stored.session;
  try {
    const facts = { ...stored, worker: await compute.describe(sessionId) };
    const action = await decideFor(ports, manager, facts);
    logger.debug('session.looked-at', { sessionId, action });
    await act(ports, manager, facts, action);
  } catch (error) {
    if (!isFault(error, 'conflict')) await whenUndone(ports, manager, stored, error);
    throw error;
  }
}

/** Before a machine is started, who asks for it is looked up: for somebody who is refused anyway none is. */
async function decideFor(
  { clock, directory }: ManagerPorts,
  { timing }: Manager,
  facts: SessionFacts,
): Promise<Action> {
  const action = decide(facts, timing, clock.nowMs());
  if (action !== 'start' || facts.session.status === 'starting' || isAlive(facts.worker)) return action;
  const judge = async (item: InboxItem): Promise<InboxItem> => {
    const reason = await refusalOf(item, directory);
    return reason === undefined ? item : { ...item, outcome: { kind: 'refused', reason } };
  };
  return decide({ ...facts, inbox: await Promise.all(facts.inbox.map(judge)) }, timing, clock.nowMs());
}

/** Nobody knows whether there is a machine: what would be due without one says whether the session waits for it. */
async function whenUndone(
  ports: ManagerPorts,
  manager: Manager,
  stored: StoredFacts,
  error: unknown,
): Promise<void> {
  const facts = { ...stored, worker: undefined };
  const action = decide(facts, manager.timing, ports.clock.nowMs());
  if (action === 'watch-lease') await act(ports, manager, facts, action);
  if (action === 'start') await tellDelay(ports, manager, stored, error);
}

async function act(
  ports: ManagerPorts,
  manager: Manager,
  facts: SessionFacts,
  action: Action,
): Promise<void> {
  const { store, compute, clock } = ports;
  const { session, inbox, lease, worker } = facts;
  const { id, revision, status } = session;
  const nowMs = clock.nowMs();
  switch (action) {
    case 'nothing':
      return;
    case 'watch-lease': {
      if (lease === undefined) return;
      const leaseSeen = { fence: lease.fence, revision: lease.revision, atMs: nowMs };
      await store.change(id, revision, { leaseSeen });
      return;
    }
    case 'start':
      return startWorker(ports, manager, facts);
    case 'free-lease':
      return freeLease(ports, manager, facts);
    case 'run-commands':
      return runCommands(ports, manager, session, inbox);
    case 'begin-stop': {
      const stopping = await store.beginStop(id, revision, { manageAtMs: nowMs });
      if (stopping !== undefined && worker !== undefined) await compute.stop(worker.workerId);
      return;
    }
    case 'stop':
      if (worker !== undefined) await compute.stop(worker.workerId);
      return;
    case 'put-to-sleep':
      await store.change(id, revision, {
        status: nextStatus(status, 'worker.stopped'),
        stopping: undefined,
        manageAtMs: exists(worker) ? nowMs + manager.timing.keepStoppedMs : undefined,
      });
      return;
    case 'terminate':
      if (worker !== undefined) await compute.terminate(worker.workerId);
      await store.change(id, revision, { manageAtMs: undefined });
  }
}

async function deliver(ports: ManagerPorts, { name }: Manager, sessionId: string): Promise<void> {
  await deliverOutbox({ ...ports, observe: () => undefined }, sessionId, { name });
}
