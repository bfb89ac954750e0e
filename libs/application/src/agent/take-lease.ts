import { Fault } from '@swe/domain';
import type { Lease } from '@swe/domain';
import type { LeaseTiming } from './keep-lease';
import type { AgentPorts } from './agent-ports';

/** The process that serves a session. */
export interface SessionWorker {
  readonly sessionId: string;
  /** Names it to whoever finds its lease; no other process has this name. */
  readonly holder: string;
  /** Its machine's. */
  readonly generation: number;
}

/**
 * Takes a session's lease: at once when it is free or held by an older generation, which is dead; otherwise only
 * after its holder gave no sign of life for a whole time to live on our own clock. Throws `conflict` when the holder
 * lives, or this generation is no longer wanted, and `missing` for an unknown session.
 */
export async function takeLease(
  { store, clock, logger }: Pick<AgentPorts, 'store' | 'clock' | 'logger'>,
  worker: SessionWorker,
  { leaseTtlMs }: LeaseTiming,
): Promise<Lease> {
  const { sessionId, holder, generation } = worker;
  const claim = () => ({ sessionId, holder, generation, dueAtMs: clock.nowMs() + leaseTtlMs });
  const held = await store.readLease(sessionId);
  if (held === undefined || held.generation < generation) return store.takeLease(claim());
  // Our own, from a run that ended without giving it back.
  if (held.holder === holder) return store.takeLease({ ...claim(), from: held });

  logger.info('lease.watched', { sessionId, holder: held.holder });
  await clock.sleep(leaseTtlMs);
  const later = await store.readLease(sessionId);
  if (later === undefined) return store.takeLease(claim());
  if (later.fence !== held.fence || later.revision !== held.revision) {
    throw new Fault('conflict', `Session ${sessionId} is being worked on by ${later.holder}.`);
  }
  return store.takeLease({ ...claim(), from: later });
}
