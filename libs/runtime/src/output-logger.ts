import { pino } from 'pino';
import type { Logger } from '@swe/domain';
import { loggerOf, SINK_OPTIONS } from './logger-of';

/** Logs one JSON object per line to standard output, where systemd and Lambda take it from. Never throws. */
export function outputLogger(): Logger {
  const destination = pino.destination({ dest: 1, sync: true });
  // Nobody may be reading any more.
  destination.on('error', () => undefined);
  return loggerOf(pino(SINK_OPTIONS, destination));
}
