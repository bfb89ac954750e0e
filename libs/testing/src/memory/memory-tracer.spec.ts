import { runContract, tracerContract } from '../contracts';
import { openMemoryTracer } from './open-memory-tracer';

runContract('MemoryTracer', tracerContract, () => ({ subject: openMemoryTracer() }));
