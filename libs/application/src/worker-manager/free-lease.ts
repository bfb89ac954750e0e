import type { Manager, ManagerPorts } from './manager-ports';
import type { SessionFacts } from './reconcile-policy';
import { withLease } from './with-lease';

/**
 * Takes the lease of a session that is over from a holder that is gone, once that is known to be dead, and gives it
 * back: until then neither is the machine terminated nor is delivered what the session said last.
 */
export async function freeLease(
  ports: ManagerPorts,
  manager: Manager,
  { session, lease }: Pick<SessionFacts, 'session' | 'lease'>,
): Promise<void> {
  const { store, compute, clock, logger } = ports;
  const { id, generation } = session;
  if (generation > 0 && !(await compute.confirmDead(id, generation))) {
    logger.warn('worker.undead', { sessionId: id, generation });
    return;
  }
  const callBack = async ({ revision }: { readonly revision: number }): Promise<void> => {
    await store.change(id, revision, { manageAtMs: clock.nowMs() });
  };
  await withLease(ports, manager, session, callBack, lease);
}
