import type { EventBus } from '@swe/domain';
import { MemoryEventBus } from '../memory/memory-event-bus';
import { eventBusContract } from './event-bus.contract';
import { override } from './override';
import { proveBites } from './run-contract';

function broken(changesOf: (bus: EventBus) => Partial<EventBus>) {
  return () => {
    const bus = new MemoryEventBus();
    return { subject: override<EventBus>(bus, changesOf(bus)) };
  };
}

proveBites('EventBus', eventBusContract, {
  'a subscriber hears a hint published for its session while it is connected, at least once': broken(() => ({
    publish: async () => undefined,
  })),
  'it hears nothing of other sessions': broken((bus) => ({
    publish: async () => {
      await bus.publish('s1');
      await bus.publish('s2');
    },
  })),
  'after `close` it hears nothing more': broken((bus) => ({
    subscribe: async (sessionId, listener) => {
      await bus.subscribe(sessionId, listener);
      return { close: async () => undefined };
    },
  })),
});
