import type { GlimpsesSubject } from '../contracts';
import { MemoryGlimpses } from './memory-glimpses';

/** Memory glimpses with what their contract wants beside them. */
export function openMemoryGlimpses(glimpses = new MemoryGlimpses()): GlimpsesSubject {
  return { glimpses, break: async () => glimpses.break() };
}
