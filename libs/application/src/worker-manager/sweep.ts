import { lookAtSession } from './look-at-session';
import type { Manager, ManagerPorts } from './manager-ports';
import { pollPullRequests } from './poll-pull-requests';

const PAGE = 100;

/**
 * Looks at every session that is due, then asks the hosts of their pull requests what no delivery told. One that fails
 * holds up no other; the store's own failure ends the sweep. It begins anywhere among them, so that one that has to end
 * at `untilMs` leaves nobody out for ever.
 */
export async function sweep(ports: ManagerPorts, manager: Manager, untilMs = Infinity): Promise<void> {
  const due = await listAllDue(ports);
  const first = Math.floor(ports.random.fraction() * due.length);
  const turned = [...due.slice(first), ...due.slice(0, first)];
  for (const [index, sessionId] of turned.entries()) {
    if (ports.clock.nowMs() >= untilMs) {
      return ports.logger.warn('sweep.cut-short', { due: due.length, looked: index });
    }
    await lookAtSession(ports, manager, sessionId);
  }
  await pollPullRequests(ports, turned, untilMs);
}

async function listAllDue({ store, clock }: ManagerPorts): Promise<readonly string[]> {
  const nowMs = clock.nowMs();
  const due: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.listDue(nowMs, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    due.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return due;
}
