import type { TracerSubject } from '../contracts';
import { MemoryTracer } from './memory-tracer';

/** A memory tracer with what its contract wants beside it. */
export function openMemoryTracer(tracer = new MemoryTracer()): TracerSubject {
  let isAway = false;
  return {
    tracer,
    told: () => (isAway ? [] : tracer.told),
    goAway: () => void (isAway = true),
  };
}
