import type { Lease, Session } from '@swe/domain';
import type { Manager, ManagerPorts } from './manager-ports';

/**
 * Writes to a session that no machine serves: takes its lease for `work`, then gives it back with the session due for
 * another look. Throws `conflict` when somebody serves it after all, unless what is held is `from`, whose holder is
 * known to be dead. Messages that came meanwhile keep the lease from going back; it is found unmoved later.
 */
export async function withLease(
  { store, clock }: ManagerPorts,
  { name, timing }: Manager,
  { id: sessionId, generation }: Pick<Session, 'id' | 'generation'>,
  work: (session: Session, fence: number) => Promise<void>,
  from?: Lease,
): Promise<void> {
  const dueAtMs = clock.nowMs() + timing.leaseTtlMs;
  const claim = { sessionId, holder: name, generation, dueAtMs };
  const lease = await store.takeLease(from === undefined ? claim : { ...claim, from });
  const session = await store.load(sessionId);
  if (session === undefined) return;
  await work(session, lease.fence);
  await store.releaseLease(lease, {});
}
