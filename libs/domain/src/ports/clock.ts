/**
 * Time.
 *
 * - `nowMs` is Unix time in milliseconds
 * - `monotonicMs` never goes back, also when the wall clock is set
 * - `sleep` resolves after the time, or early when its signal aborts; it never rejects
 */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
