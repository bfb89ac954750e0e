import { isFault } from '@swe/domain';
import type { Worker } from '@swe/domain';
import { lookAtSession } from './look-at-session';
import type { Manager, ManagerPorts } from './manager-ports';
import { readOrphanFacts } from './orphan-facts';
import { orphanReason } from './orphan-policy';

const PAGE = 100;

/**
 * Compares the machines that there are with the sessions that are stored, and ends those that nobody needs. One that
 * fails holds up no other; a compute that can't be asked ends the sweep.
 */
export async function sweepOrphans(ports: ManagerPorts, manager: Manager): Promise<void> {
  const { compute, logger } = ports;
  let after: string | undefined;
  do {
    const page = await compute.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const worker of page.items) {
      try {
        await judge(ports, manager, worker);
      } catch (error) {
        // Somebody acts on the session at this moment: it is in good hands.
        if (isFault(error, 'conflict')) continue;
        const { sessionId, workerId } = worker;
        logger.error('orphan.unended', { sessionId, workerId, reason: String(error) });
      }
    }
    after = page.next;
  } while (after !== undefined);
}

async function judge(ports: ManagerPorts, manager: Manager, worker: Worker): Promise<void> {
  const { store, compute, clock, logger } = ports;
  const { sessionId, workerId, generation } = worker;
  const facts = await readOrphanFacts(store, sessionId);
  const reason = orphanReason(worker, facts);
  if (reason === undefined) return;
  // The list may be older than what was done since: its machine may have been started again for the next generation.
  const now = await compute.describe(sessionId);
  if (now?.workerId === workerId && orphanReason(now, facts) !== reason) return;
  logger.warn('orphan.found', { sessionId, workerId, generation, reason });
  if (reason === 'forgotten' && facts !== undefined) {
    // Its disk may be wanted again, so it is treated as any machine that fell idle.
    await store.change(sessionId, facts.session.revision, { manageAtMs: clock.nowMs() });
    await lookAtSession(ports, manager, sessionId);
  } else {
    await compute.terminate(workerId);
  }
}
