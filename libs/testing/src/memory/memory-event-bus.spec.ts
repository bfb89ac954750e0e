import { eventBusContract, runContract } from '../contracts';
import { MemoryEventBus } from './memory-event-bus';

runContract('MemoryEventBus', eventBusContract, () => ({ subject: new MemoryEventBus() }));
