import { isFault } from '@swe/domain';
import type { Lease } from '@swe/domain';
import type { AgentPorts } from './agent-ports';

export interface LeaseTiming {
  readonly leaseTtlMs: number;
  readonly heartbeatMs: number;
}

export interface KeptLease {
  /** The lease as it was renewed last. */
  current(): Lease;
  /** Aborts when another holder has taken it: whatever this process still does counts for nothing. */
  readonly lost: AbortSignal;
  close(): Promise<void>;
}

/** Renews a lease until closed. A store that fails for a moment is asked again at the next beat. */
export function keepLease(
  { store, clock, logger }: Pick<AgentPorts, 'store' | 'clock' | 'logger'>,
  taken: Lease,
  { leaseTtlMs, heartbeatMs }: LeaseTiming,
): KeptLease {
  const closed = new AbortController();
  const lost = new AbortController();
  let lease = taken;

  async function beat(): Promise<void> {
    try {
      lease = await store.renewLease(lease, clock.nowMs() + leaseTtlMs);
    } catch (error) {
      if (isFault(error, 'conflict')) lost.abort();
      else logger.warn('lease.unrenewed', { sessionId: lease.sessionId, reason: String(error) });
    }
  }

  async function keep(): Promise<void> {
    for (;;) {
      await clock.sleep(heartbeatMs, closed.signal);
      if (closed.signal.aborted || lost.signal.aborted) return;
      await beat();
    }
  }

  const keeping = keep();
  return {
    current: () => lease,
    lost: lost.signal,
    async close() {
      closed.abort();
      await keeping;
    },
  };
}
