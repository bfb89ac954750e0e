import { Fault } from '@swe/domain';
import type { Lease } from '@swe/domain';
import type { LeaseTiming } from './keep-lease';
import type { AgentPorts } from './session-run';

/**
 * Takes a session's lease: at once when it is free, otherwise only after its holder gave no sign of life for a whole
 * time to live on our own clock. Throws `conflict` when the holder lives, and `missing` for an unknown session.
 */
export async function takeLease(
  { store, clock, logger }: Pick<AgentPorts, 'store' | 'clock' | 'logger'>,
  sessionId: string,
  holder: string,
  { leaseTtlMs }: LeaseTiming,
): Promise<Lease> {
  const dueAtMs = (): number => clock.nowMs() + leaseTtlMs;
  const held = await store.readLease(sessionId);
  if (held === undefined) return store.takeLease(sessionId, holder, dueAtMs());

  logger.info('lease.watched', { sessionId, holder: held.holder });
  await clock.sleep(leaseTtlMs);
  const later = await store.readLease(sessionId);
  if (later === undefined) return store.takeLease(sessionId, holder, dueAtMs());
  if (later.fence !== held.fence || later.revision !== held.revision) {
    throw new Fault('conflict', `Session ${sessionId} is being worked on by ${later.holder}.`);
  }
  return store.takeLease(sessionId, holder, dueAtMs(), later);
}
