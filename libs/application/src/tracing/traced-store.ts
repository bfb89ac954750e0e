import type { SessionStore, Tracer } from '@swe/domain';
import { withinSpan } from './within-span';
import { withMethod } from './with-method';

/** A store with which a message's trace begins: it is stored with the message, for whoever works on it. */
export function tracedStore<Store extends Pick<SessionStore, 'receive'>>(
  store: Store,
  tracer: Tracer,
): Store {
  return withMethod(store, 'receive', (message, answer) => {
    const [chat = ''] = message.origin.split(':');
    const span = tracer.start('message.receive', {
      parent: message.traceparent,
      attributes: { 'swe.chat': chat, 'swe.message.kind': message.body.kind },
    });
    return withinSpan(span, async () => {
      const receipt = await store.receive({ ...message, traceparent: span.traceparent }, answer);
      span.set({
        'session.id': receipt.sessionId,
        'swe.message.number': receipt.seq,
        'swe.message.duplicate': receipt.duplicate,
      });
      return receipt;
    });
  });
}
