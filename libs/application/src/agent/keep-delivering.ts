import type { OutboxClaimant } from '@swe/domain';
import { deliverOutbox } from './deliver-outbox';
import type { DeliveryPorts } from './deliver-outbox';

/** For what is still undelivered when the session is let go, also of a process that died; whoever sweeps tries on. */
const LAST_WAIT_MS = 15_000;
const PAUSE_AFTER_CRASH_MS = 1_000;

/** Delivery beside the work: one at a time, never awaited by a step, awaited before the session is let go. */
export interface KeptDelivery {
  /** There may be something to deliver. */
  start(): void;
  /** Resolves when nothing is left, or has to wait too long. Nothing is delivered after. */
  settled(): Promise<void>;
}

export function keepDelivering(
  ports: DeliveryPorts,
  sessionId: string,
  deliverer: Pick<OutboxClaimant, 'name' | 'fence'>,
): KeptDelivery {
  const { clock, logger } = ports;
  const closed = new AbortController();
  let running = Promise.resolve();
  let nextTryAtMs: number | undefined;

  async function deliver(): Promise<void> {
    try {
      nextTryAtMs = await deliverOutbox(ports, sessionId, deliverer);
    } catch (error) {
      logger.error('outbox.failed', { sessionId, reason: String(error) });
      nextTryAtMs = clock.nowMs() + PAUSE_AFTER_CRASH_MS;
    }
    if (nextTryAtMs !== undefined) void tryAgain(nextTryAtMs);
  }

  async function tryAgain(atMs: number): Promise<void> {
    await clock.sleep(atMs - clock.nowMs(), closed.signal);
    if (!closed.signal.aborted && nextTryAtMs === atMs) start();
  }

  function start(): void {
    running = running.then(deliver);
  }

  return {
    start,
    async settled() {
      const deadlineMs = clock.nowMs() + LAST_WAIT_MS;
      for (;;) {
        await running;
        if (nextTryAtMs === undefined || nextTryAtMs > deadlineMs) break;
        await clock.sleep(nextTryAtMs - clock.nowMs());
        start();
      }
      closed.abort();
    },
  };
}
