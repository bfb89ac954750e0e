import type { ComputeSubject } from '../contracts';
import { MemoryCompute } from './memory-compute';

/** Memory machines with what their contract wants beside them. */
export function openMemoryCompute(compute = new MemoryCompute()): ComputeSubject {
  return {
    compute,
    acting: async (sessionId, generation) => compute.acting(sessionId, generation),
    crash: async (sessionId) => compute.crash(sessionId),
    exhaust: () => (compute.hasCapacity = false),
  };
}
