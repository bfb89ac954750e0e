export { readCassette, writeCassette } from './cassette';
export type { Cassette } from './cassette';
export { driftWords } from './drift';
export type { Drift } from './drift';
export { exportSession } from './export-session';
export type { Exported, ExportOptions, ExportPorts } from './export-session';
export { replayCassette } from './replay-cassette';
export type { Replay } from './replay-cassette';
