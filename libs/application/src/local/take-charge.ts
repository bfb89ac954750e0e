import { Fault, nextStatus } from '@swe/domain';
import type { Clock, Compute, Session, SessionStore } from '@swe/domain';

/** How long the process may take until it holds the session's lease; no manager starts another one before. */
const BOOT_MS = 60_000;

export interface ChargePorts {
  readonly store: Pick<SessionStore, 'change'>;
  readonly compute: Pick<Compute, 'describe' | 'confirmDead'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/**
 * Makes the calling process a session's machine: of the next generation, once the one before is known to be dead.
 * `adopt` tells who keeps track of machines. Throws `conflict` when another one lives or is just being started.
 */
export async function takeCharge(
  { store, compute, clock }: ChargePorts,
  session: Session,
  adopt: (sessionId: string, generation: number) => void,
): Promise<Session> {
  const { id, revision, status, generation } = session;
  if (status === 'ended') return session;
  const worker = await compute.describe(id);
  const isFree = worker === undefined || worker.state === 'stopped' || worker.state === 'terminated';
  if (!isFree || !(await compute.confirmDead(id, generation))) {
    throw new Fault(
      'conflict',
      `Session ${id} is being worked on by another process: swe run --resume ${id} --detach leaves a message or a budget to that.`,
    );
  }
  const taken = await store.change(id, revision, {
    generation: generation + 1,
    status: nextStatus(status, 'worker.starting'),
    stopping: undefined,
    leaseSeen: undefined,
    manageAtMs: clock.nowMs() + BOOT_MS,
  });
  adopt(id, taken.generation);
  return taken;
}
