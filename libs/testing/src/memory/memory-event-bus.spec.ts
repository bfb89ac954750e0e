import { eventBusContract, runContract } from '../contracts';
import { MemoryEventBus } from './memory-event-bus';

runContract('MemoryEventBus', eventBusContract, () => {
  const bus = new MemoryEventBus();
  return { subject: { bus, interrupt: async () => bus.interrupt() } };
});
