import type { Compute, SessionStore, Worker } from '@swe/domain';
import { readOrphanFacts } from './orphan-facts';
import { orphanReason } from './orphan-policy';
import type { OrphanReason } from './orphan-policy';

export interface OrphanPorts {
  readonly compute: Pick<Compute, 'list'>;
  readonly store: Pick<SessionStore, 'load' | 'readInbox' | 'readLease'>;
}

export interface Orphan {
  readonly worker: Worker;
  readonly reason: OrphanReason;
}

const PAGE = 100;

/** How many machines there are, and which of them nobody needs at this moment. Ends none: `sweepOrphans` does. */
export async function listOrphans({ compute, store }: OrphanPorts) {
  const orphans: Orphan[] = [];
  let machines = 0;
  let after: string | undefined;
  do {
    const page = await compute.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    machines += page.items.length;
    for (const worker of page.items) {
      const reason = orphanReason(worker, await readOrphanFacts(store, worker.sessionId));
      if (reason !== undefined) orphans.push({ worker, reason });
    }
    after = page.next;
  } while (after !== undefined);
  return { machines, orphans };
}
