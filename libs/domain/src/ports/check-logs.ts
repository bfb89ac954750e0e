/**
 * What checks printed.
 *
 * - a log is given as text, without colours, its end whole where it is cut
 * - a log that is gone, or was never there, is `missing`
 */
export interface CheckLogs {
  /** At most about `maxBytes` of it, the end rather than the beginning. `logRef` is `Check.logRef`. */
  log(repository: string, logRef: string, maxBytes: number): Promise<string>;
}
