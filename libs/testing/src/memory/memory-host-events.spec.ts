import { hostEventsContract, runContract } from '../contracts';
import { openMemoryHostEvents } from './open-memory-host-events';

runContract('MemoryHostEvents', hostEventsContract, () => ({ subject: openMemoryHostEvents() }));
