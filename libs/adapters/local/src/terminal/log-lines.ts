import type { Clock, LogFields, Logger } from '@swe/domain';
import { printable } from './printable';

export interface LogLinesOptions {
  readonly write: (text: string) => void;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Said with every fact. */
  readonly fields?: LogFields;
}

/** Shows facts of a service to whoever watches its terminal, one line each; `debug` is left to the log file. */
export function logLines({ write, clock, fields = {} }: LogLinesOptions): Logger {
  const line = (event: string, own: LogFields = {}): void => {
    const time = new Date(clock.nowMs()).toISOString().slice(11, 19);
    const facts = Object.entries({ ...fields, ...own })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${String(value)}`);
    write(`${printable([time, event, ...facts].join('  ').replaceAll('\n', ' '))}\n`);
  };
  return {
    debug: () => undefined,
    info: line,
    warn: line,
    error: line,
    with: (more) => logLines({ write, clock, fields: { ...fields, ...more } }),
  };
}
