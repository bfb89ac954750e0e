import { isFault } from '@swe/domain';
import type { Answering, InboxItem, IncomingMessage } from '@swe/domain';
import { ApiRefusal } from '@swe/domain/api';
import { receiveMessage } from '../receive-message';
import type { ApiPorts } from './api-ports';

/** A message that was stored, now or by an earlier call. */
export interface ReceivedOnce {
  readonly sessionId: string;
  readonly item: InboxItem;
}

/**
 * Stores a message whose key says what it is, once. An idempotency key that stood for something else is refused, as
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ asks for.
 */
export async function receiveOnce(
  ports: ApiPorts,
  message: Omit<IncomingMessage, 'receivedAtMs'>,
  answer: Answering,
): Promise<ReceivedOnce> {
  const receivedAtMs = ports.clock.nowMs();
  const { sessionId, seq, duplicate } = await receiveMessage(ports, { ...message, receivedAtMs }, answer);
  const [item] = await ports.store.readInbox(sessionId, seq - 1);
  if (item === undefined) throw new Error(`message ${seq} of ${sessionId} is stored and not there`);
  if (duplicate && !isSame(item.body, message.body)) {
    throw reusedRefusal();
  }
  return { sessionId, item };
}

function isSame(stored: InboxItem['body'], asked: InboxItem['body']): boolean {
  if (stored.kind === 'text') return asked.kind === 'text' && asked.text === stored.text;
  return asked.kind === 'command' && asked.command === stored.command;
}

export const reusedRefusal = (): ApiRefusal =>
  new ApiRefusal(422, 'This Idempotency-Key stood for another request before: choose a new one.');

/** A refusal instead of the store's, which takes nothing for a session that has ended. */
export async function unlessEnded<T>(sessionId: string, receiving: Promise<T>): Promise<T> {
  try {
    return await receiving;
  } catch (error) {
    throw isFault(error, 'denied') ? endedRefusal(sessionId) : error;
  }
}

export const endedRefusal = (sessionId: string): ApiRefusal =>
  new ApiRefusal(409, `Session ${sessionId} has ended. Begin a new one.`);
