import type { Session } from '@swe/domain';
import { openSessionRun } from '../agent/session-run';
import type { SessionRun, WritingPorts } from '../agent/session-run';
import type { Manager, ManagerPorts } from './manager-ports';

/**
 * Writes to a session that no machine serves: takes its lease for `work`, then gives it back with the session due for
 * another look. Throws `conflict` when somebody serves it after all. Messages that came meanwhile keep the lease from
 * going back; it is found unmoved later.
 */
export async function withLease(
  ports: ManagerPorts,
  { name, timing }: Manager,
  { id: sessionId, generation }: Pick<Session, 'id' | 'generation'>,
  work: (run: SessionRun<WritingPorts>) => Promise<void>,
): Promise<void> {
  const { store, clock } = ports;
  const dueAtMs = clock.nowMs() + timing.leaseTtlMs;
  const lease = await store.takeLease({ sessionId, holder: name, generation, dueAtMs });
  const session = await store.load(sessionId);
  if (session === undefined) return;
  const quiet = { ...ports, observe: () => undefined };
  await work(await openSessionRun(quiet, session, lease.fence, () => undefined));
  await store.releaseLease(lease, {});
}
