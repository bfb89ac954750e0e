export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Facts for operators. `event` is a constant `noun.verb`; variables go in fields. No prompt text, tokens or file
 * bodies above `debug`. Logging never throws.
 */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every fact. */
  with(fields: LogFields): Logger;
}
