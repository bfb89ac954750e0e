import { pino } from 'pino';
import type { Logger } from '@swe/domain';
import { loggerOf, SINK_OPTIONS } from './logger-of';

/** What waits for a full disk to have space again; what comes on top is dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * Logs one JSON object per line to the file at `path`, made with its folder when absent. Throws when that cannot be
 * opened; from then on nothing throws, and what cannot be written is lost.
 */
export function fileLogger(path: string): Logger {
  const destination = pino.destination({
    dest: path,
    sync: true,
    mkdir: true,
    maxLength: MAX_WAITING_BYTES,
  });
  // An emitter throws an `error` that nobody listens to, here into whoever logs.
  destination.on('error', () => undefined);
  return loggerOf(pino(SINK_OPTIONS, destination));
}
