export { alsoTo } from './also-to';
export { fileLogger } from './file-logger';
export { listenForInterrupts } from './interrupts';
export type { Interrupts } from './interrupts';
export { keepHeapSmall } from './keep-heap-small';
export { loadConfig } from './load-config';
export { outputLogger } from './output-logger';
export { systemClock } from './system-clock';
export { systemRandom } from './system-random';
