import { isFault } from '@swe/domain';
import type { SessionStatus, Worker } from '@swe/domain';
import { lookAtSession } from './look-at-session';
import type { Manager, ManagerPorts } from './manager-ports';
import { readOrphanFacts } from './orphan-facts';
import { orphanReason } from './orphan-policy';

const PAGE = 100;

/**
 * Compares the machines that there are with the sessions that are stored, and ends those that nobody needs. One that
 * fails holds up no other; a compute that can't be asked ends the sweep. Says, where there are machines, how many
 * sessions with one are in each state.
 */
export async function sweepOrphans(ports: ManagerPorts, manager: Manager): Promise<void> {
  const { compute, logger } = ports;
  const counts: Partial<Record<SessionStatus, number>> = {};
  let after: string | undefined;
  do {
    const page = await compute.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const worker of page.items) {
      try {
        const status = await judge(ports, manager, worker);
        if (status !== undefined) counts[status] = (counts[status] ?? 0) + 1;
      } catch (error) {
        // Somebody acts on the session at this moment: it is in good hands.
        if (isFault(error, 'conflict')) continue;
        const { sessionId, workerId } = worker;
        logger.error('orphan.unended', { sessionId, workerId, reason: String(error) });
      }
    }
    after = page.next;
  } while (after !== undefined);
  if (Object.keys(counts).length > 0) logger.info('sessions.counted', { ...NONE, ...counts });
}

/** Told as well, so that a graph falls once nobody is in a state any more. */
const NONE = { starting: 0, working: 0, waiting: 0, asleep: 0 } as const satisfies Partial<
  Record<SessionStatus, number>
>;

/** Ends the machine if nobody needs it; otherwise tells the state of its session. */
async function judge(
  ports: ManagerPorts,
  manager: Manager,
  worker: Worker,
): Promise<SessionStatus | undefined> {
  const { store, compute, clock, logger } = ports;
  const { sessionId, workerId, generation } = worker;
  const facts = await readOrphanFacts(store, sessionId);
  const reason = orphanReason(worker, facts);
  if (reason === undefined) return worker.state === 'terminated' ? undefined : facts?.session.status;
  // The list may be older than what was done since: its machine may have been started again for the next generation.
  const now = await compute.describe(sessionId);
  if (now?.workerId === workerId && orphanReason(now, facts) !== reason) return facts?.session.status;
  logger.warn('orphan.found', { sessionId, workerId, generation, reason });
  if (reason === 'forgotten' && facts !== undefined) {
    // Its disk may be wanted again, so it is treated as any machine that fell idle.
    await store.change(sessionId, facts.session.revision, { manageAtMs: clock.nowMs() });
    await lookAtSession(ports, manager, sessionId);
  } else {
    await compute.terminate(workerId);
  }
  return undefined;
}
