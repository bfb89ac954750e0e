export { fileLogger } from './file-logger';
export { loadConfig } from './load-config';
export { systemClock } from './system-clock';
export { systemRandom } from './system-random';
