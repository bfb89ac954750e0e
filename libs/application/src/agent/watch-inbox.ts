import { isFault } from '@swe/domain';
import type { InboxItem } from '@swe/domain';
import type { AgentPorts } from './agent-ports';

/** Messages as they arrive, by hint at once and by poll otherwise. */
export interface InboxWatch {
  /** What has arrived and was not taken, in order, up to the first command: what follows a stop is for the next turn. */
  take(): readonly InboxItem[];
  /** Whether there is something to take. */
  hasMore(): boolean;
  /** Calls `listener` for each message that arrives from now on, until the returned function is called. */
  onArrival(listener: (item: InboxItem) => void): () => void;
  /** Reads the inbox now, instead of at the next poll. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Follows a session's inbox from `cursor`, and calls `onArrival` for every message from there on. A store that fails for a moment delays messages, it does not lose them:
 * the next poll reads from the same place.
 */
export async function watchInbox(
  ports: Pick<AgentPorts, 'store' | 'bus' | 'clock' | 'logger'>,
  sessionId: string,
  cursor: number,
  pollMs: number,
  onArrival: (item: InboxItem) => void = () => undefined,
): Promise<InboxWatch> {
  const { store, bus, clock, logger } = ports;
  const closed = new AbortController();
  const listeners = new Set([onArrival]);
  let seenSeq = cursor;
  const arrived: InboxItem[] = [];
  let hinted = new AbortController();
  let reading = Promise.resolve();
  let isReadable = true;

  async function read(): Promise<void> {
    const items = await store.readInbox(sessionId, seenSeq);
    for (const item of items) {
      if (item.seq <= seenSeq) continue;
      seenSeq = item.seq;
      arrived.push(item);
      listeners.forEach((listener) => listener(item));
    }
  }

  /** One read at a time, so that messages keep their order. */
  function look(): Promise<void> {
    const next = reading.then(read).then(
      () => void (isReadable = true),
      (error: unknown) => {
        if (!isFault(error)) throw error;
        // Said once, not at every poll until it is over.
        if (isReadable) logger.warn('inbox.unreadable', { sessionId, reason: error.message });
        isReadable = false;
      },
    );
    reading = next.catch(() => undefined);
    return next;
  }

  async function follow(): Promise<void> {
    while (!closed.signal.aborted) {
      hinted = new AbortController();
      await look().catch((error: unknown) =>
        logger.error('inbox.unreadable', { sessionId, reason: String(error) }),
      );
      await clock.sleep(pollMs, AbortSignal.any([closed.signal, hinted.signal]));
    }
  }

  const subscription = await bus.subscribe(sessionId, () => hinted.abort());
  const following = follow();

  return {
    take() {
      const command = arrived.findIndex((item) => item.body.kind === 'command');
      return arrived.splice(0, command === -1 ? arrived.length : command + 1);
    },
    hasMore: () => arrived.length > 0,
    onArrival(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    look,
    async close() {
      closed.abort();
      await subscription.close();
      await following;
    },
  };
}
