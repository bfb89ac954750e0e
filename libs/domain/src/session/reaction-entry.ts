import type { InboxItem } from './inbox-item';
import type { OutboxEntry } from './outbox-entry';
import type { Reaction } from './reaction';
import type { Session } from './session';

/** The mark on a message of the session. Who puts one later, ingress, agent or manager, replaces it. */
export function reactionEntry(
  { id, origin }: Pick<Session, 'id' | 'origin'>,
  { seq, messageKey }: Pick<InboxItem, 'seq' | 'messageKey'>,
  reaction: Reaction,
  createdAtMs: number,
): OutboxEntry {
  return {
    effectKey: `${id}/reaction-${seq}`,
    sessionId: id,
    destination: origin,
    class: 'status',
    body: '',
    reaction: { messageKey, reaction },
    createdAtMs,
  };
}
