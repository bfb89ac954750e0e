import { isFault } from '@swe/domain';
import type { Answering, EventBus, IncomingMessage, Logger, Receipt, SessionStore } from '@swe/domain';

export interface IngressPorts {
  readonly store: Pick<SessionStore, 'receive'>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly logger: Logger;
}

/**
 * Stores a verified, authorised message with what can be said to it at once, and hints at it. Once it is stored it will
 * be worked on, hint or no hint; a store that fails throws, so that the sender tries again.
 */
export async function receiveMessage(
  ports: IngressPorts,
  message: IncomingMessage,
  answer?: Answering,
): Promise<Receipt> {
  const { store, bus, logger } = ports;
  const receipt = await store.receive(message, answer);
  try {
    await bus.publish(receipt.sessionId);
  } catch (error) {
    if (!isFault(error)) throw error;
    logger.warn('hint.lost', { sessionId: receipt.sessionId, reason: error.message });
  }
  return receipt;
}
