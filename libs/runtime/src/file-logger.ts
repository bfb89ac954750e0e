import { pino } from 'pino';
import type { LogFields, Logger } from '@swe/domain';

/** Logs one JSON object per line to the file at `path`, whose folder exists. */
export function fileLogger(path: string): Logger {
  const destination = pino.destination({ dest: path, sync: true, mkdir: true });
  return loggerOf(pino({ base: null, messageKey: 'event' }, destination));
}

type Sink = ReturnType<typeof pino>;

function loggerOf(sink: Sink): Logger {
  return {
    debug: (event, fields = {}) => sink.debug(fields, event),
    info: (event, fields = {}) => sink.info(fields, event),
    warn: (event, fields = {}) => sink.warn(fields, event),
    error: (event, fields = {}) => sink.error(fields, event),
    with: (fields: LogFields) => loggerOf(sink.child(fields)),
  };
}
