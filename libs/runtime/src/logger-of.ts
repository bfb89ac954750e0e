import type { Logger as Sink } from 'pino';
import type { LogFields, Logger } from '@swe/domain';

/** How every sink writes: an object per line, `event` first among its fields. */
export const SINK_OPTIONS = { base: null, messageKey: 'event' } as const;

export function loggerOf(sink: Sink): Logger {
  return {
    debug: (event, fields = {}) => sink.debug(fields, event),
    info: (event, fields = {}) => sink.info(fields, event),
    warn: (event, fields = {}) => sink.warn(fields, event),
    error: (event, fields = {}) => sink.error(fields, event),
    with: (fields: LogFields) => loggerOf(sink.child(fields)),
  };
}
