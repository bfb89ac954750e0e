import { lookAtSession } from './look-at-session';
import type { Manager, ManagerPorts } from './manager-ports';

const PAGE = 100;

/** Looks at every session that is due. One that fails holds up no other; the store's own failure ends the sweep. */
export async function sweep(ports: ManagerPorts, manager: Manager): Promise<void> {
  const { store, clock } = ports;
  let after: string | undefined;
  do {
    const page = await store.listDue(clock.nowMs(), {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const sessionId of page.items) await lookAtSession(ports, manager, sessionId);
    after = page.next;
  } while (after !== undefined);
}
