import type { Logger } from '@swe/domain';

/** A logger that tells both of its facts. */
export function alsoTo(first: Logger, second: Logger): Logger {
  const both =
    (level: 'debug' | 'info' | 'warn' | 'error'): Logger['info'] =>
    (event, fields) => {
      first[level](event, fields);
      second[level](event, fields);
    };
  return {
    debug: both('debug'),
    info: both('info'),
    warn: both('warn'),
    error: both('error'),
    with: (fields) => alsoTo(first.with(fields), second.with(fields)),
  };
}
