/** What a check says of a line. */
export interface CheckAnnotation {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly level: 'failure' | 'warning' | 'notice';
  readonly message: string;
}

/**
 * What checks printed, and what they say of lines.
 *
 * - a log is given as text, without colours, its end whole where it is cut
 * - a log that is gone, or was never there, is `missing`
 * - annotations are those of that very check, in its order, as many as there are or are asked for
 */
export interface CheckLogs {
  /** At most about `maxBytes` of it, the end rather than the beginning. `logRef` is `Check.logRef`. */
  log(repository: string, logRef: string, maxBytes: number): Promise<string>;
  /** `annotationsRef` is `Check.annotationsRef`. */
  annotations(repository: string, annotationsRef: string, max: number): Promise<readonly CheckAnnotation[]>;
}
