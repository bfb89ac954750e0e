import type { IncomingMessage } from '@swe/domain';

/** A message for contract clauses: its key and text are all that usually matter. */
export function incoming(messageKey: string, changes: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    messageKey,
    origin: 'terminal:1',
    requester: 'local:ada',
    addressed: true,
    body: { kind: 'text', text: `message ${messageKey}` },
    receivedAtMs: 1_000,
    ...changes,
  };
}
