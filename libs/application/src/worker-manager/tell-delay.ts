import { deliverOutbox } from '../agent/deliver-outbox';
import type { Manager, ManagerPorts } from './manager-ports';
import type { StoredFacts } from './reconcile-policy';

/** What passes by itself is mostly over by then. */
const TELL_AFTER_MS = 2 * 60_000;

/**
 * Tells the person why a session that waits for a machine gets none for now: not at once, and once for all that it waits
 * for. Nothing else changes, so that the next look tries again, however often that takes.
 */
export async function tellDelay(
  ports: ManagerPorts,
  { name }: Manager,
  { session, inbox }: StoredFacts,
  error: unknown,
): Promise<void> {
  const { outbox, clock } = ports;
  const { id, origin, generation, cursor, updatedAtMs, retryAtMs = 0, wakeAtMs = 0, leaseSeen } = session;
  const nowMs = clock.nowMs();
  const wokenAtMs = wakeAtMs <= nowMs ? wakeAtMs : 0;
  const calledAtMs = [updatedAtMs, inbox[0]?.receivedAtMs ?? 0, retryAtMs, wokenAtMs];
  const waitingSinceMs = Math.max(...calledAtMs, leaseSeen?.atMs ?? 0);
  if (nowMs - waitingSinceMs < TELL_AFTER_MS) return;
  const cause = Error.isError(error) ? error.message : String(error);
  await outbox.put({
    effectKey: `${id}/delayed-${generation}-${cursor}`,
    sessionId: id,
    destination: origin,
    class: 'message',
    body: `I can't start yet: ${cause}\n\nI go on trying by myself.`,
    createdAtMs: nowMs,
  });
  await deliverOutbox({ ...ports, observe: () => undefined }, id, { name });
}
