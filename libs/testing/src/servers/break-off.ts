import type { LoopbackAnswer } from './loopback-script';

/** What is sent of the last block before an answer breaks off: all but its end. A hang says all its words. */
export function beforeBreak<T>(
  deltas: readonly T[],
  ending: LoopbackAnswer['ending'],
  isLast: boolean,
): readonly T[] {
  return isLast && (ending === 'cut' || ending === 'error') ? deltas.slice(0, -1) : deltas;
}
