import type { Compute, SessionStore, Tracer } from '@swe/domain';
import { withinSpan } from './within-span';
import { withMethod } from './with-method';

/** A compute that tells of machines that are asked for, within the trace of the message that waits for them. */
export function tracedCompute(
  compute: Compute,
  store: Pick<SessionStore, 'load' | 'readInbox'>,
  tracer: Tracer,
): Compute {
  return withMethod(compute, 'ensure', async (sessionId, generation) => {
    const span = tracer.start('worker.ensure', {
      parent: await waitingTrace(store, sessionId),
      attributes: { 'session.id': sessionId, 'swe.generation': generation },
    });
    return withinSpan(span, () => compute.ensure(sessionId, generation));
  });
}

/** Of the oldest message that nobody has admitted. */
async function waitingTrace(
  store: Pick<SessionStore, 'load' | 'readInbox'>,
  sessionId: string,
): Promise<string | undefined> {
  try {
    const session = await store.load(sessionId);
    const waiting = await store.readInbox(sessionId, session?.cursor ?? 0);
    return waiting.find(({ traceparent }) => traceparent !== undefined)?.traceparent;
  } catch {
    // The machine is started without it.
    return undefined;
  }
}
