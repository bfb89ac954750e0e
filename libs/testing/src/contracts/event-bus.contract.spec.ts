import type { EventBus } from '@swe/domain';
import { MemoryEventBus } from '../memory/memory-event-bus';
import { eventBusContract } from './event-bus.contract';
import type { EventBusSubject } from './event-bus.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(changesOf: (bus: MemoryEventBus) => Partial<EventBus & Pick<EventBusSubject, 'interrupt'>>) {
  return (): { subject: EventBusSubject } => {
    const bus = new MemoryEventBus();
    const { interrupt = async () => bus.interrupt(), ...changes } = changesOf(bus);
    return { subject: { bus: override<EventBus>(bus, changes), interrupt } };
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
  'a connection that breaks comes back by itself, and hints are heard again': broken((bus) => {
    let isBroken = false;
    return {
      interrupt: async () => {
        isBroken = true;
        bus.interrupt();
      },
      publish: async (sessionId) => {
        if (!isBroken) await bus.publish(sessionId);
      },
    };
  }),
  'every subscriber is told `away` after each break, once it is connected again': broken((bus) => {
    const first = new Set<string>();
    return {
      // Tells one subscriber per session.
      subscribe: async (sessionId, listener) => {
        const tells = !first.has(sessionId);
        first.add(sessionId);
        return bus.subscribe(sessionId, (hint) => {
          if (tells || hint !== 'away') listener(hint);
        });
      },
    };
  }),
});
