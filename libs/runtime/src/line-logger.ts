import { pino } from 'pino';
import type { Logger } from '@swe/domain';
import { loggerOf, SINK_OPTIONS } from './logger-of';

/** Logs one JSON object per line to `write`, which must not throw. */
export function lineLogger(write: (line: string) => void): Logger {
  return loggerOf(pino(SINK_OPTIONS, { write: (line) => write(line.trimEnd()) }));
}
