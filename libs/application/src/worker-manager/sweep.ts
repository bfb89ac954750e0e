import { isFault } from '@swe/domain';
import type { Manager, ManagerPorts } from './manager-ports';
import { reconcileSession } from './reconcile-session';

const PAGE = 100;

/** Looks at every session that is due. One that fails holds up no other; the store's own failure ends the sweep. */
export async function sweep(ports: ManagerPorts, manager: Manager): Promise<void> {
  const { store, clock, logger } = ports;
  let after: string | undefined;
  do {
    const page = await store.listDue(clock.nowMs(), {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const sessionId of page.items) {
      try {
        await reconcileSession(ports, manager, sessionId);
      } catch (error) {
        const reason = Error.isError(error) ? error.message : String(error);
        logger.error('session.unreconciled', {
          sessionId,
          reason,
          kind: isFault(error) ? error.kind : 'bug',
        });
      }
    }
    after = page.next;
  } while (after !== undefined);
}
