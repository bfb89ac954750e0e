const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupts extends Disposable {
  /** Aborts at the first signal that asks this process to end. */
  readonly signal: AbortSignal;
  /** What a second signal waits for before it ends the process. */
  beforeQuit(close: () => Promise<void>): void;
}

/**
 * Keeps Ctrl-C and its relatives from ending the process, until disposed: the first aborts `signal`, so that work
 * ends in order; the second ends the process with `exitCode`.
 */
export function listenForInterrupts(
  exitCode: number,
  exit: (exitCode: number) => void = (code) => process.exit(code),
): Interrupts {
  const interrupted = new AbortController();
  const closers: (() => Promise<void>)[] = [];
  const listener = (): void => {
    if (!interrupted.signal.aborted) return interrupted.abort();
    void Promise.allSettled(closers.map((close) => close())).then(() => exit(exitCode));
  };
  SIGNALS.forEach((signal) => process.on(signal, listener));
  return {
    signal: interrupted.signal,
    beforeQuit: (close) => void closers.push(close),
    [Symbol.dispose]: () => SIGNALS.forEach((signal) => process.off(signal, listener)),
  };
}
