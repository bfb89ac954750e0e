import type { RunResult } from '@swe/domain';
import type { Exit } from './exit';
import type { HostProcess } from './host-process';

/** How a run ended. */
export interface Ending extends Exit {
  readonly end: RunResult['end'];
  readonly leftovers: number;
}

export interface EndOptions {
  readonly timeoutMs: number;
  /** Between SIGTERM and SIGKILL. */
  readonly killGraceMs: number;
}

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Waits for `process` to end, and ends it at `signal` or the timeout. Nothing of its tree outlives this, also when it
 * throws.
 */
export async function runToEnd(
  process: HostProcess,
  { timeoutMs, killGraceMs }: EndOptions,
  signal: AbortSignal,
): Promise<Ending> {
  try {
    const end = await firstEnd(process.exited, timeoutMs, signal);
    const leftovers = end === 'exited' ? await process.settled : 0;
    if (end !== 'exited' || leftovers > 0) await process.end(killGraceMs);
    return { end, leftovers, ...(process.exit ?? { exitCode: null, signal: null }) };
  } catch (error) {
    // Its output or the processes could not be read, so nobody knows what it left behind.
    await process.end(killGraceMs);
    throw error;
  } finally {
    process.release();
  }
}

function firstEnd(exited: Promise<void>, timeoutMs: number, signal: AbortSignal): Promise<RunResult['end']> {
  return new Promise((resolve) => {
    const settle = (end: RunResult['end']): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(end);
    };
    const onAbort = (): void => settle('cancelled');
    // A longer one would fire at once: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args
    const timer = setTimeout(() => settle('timed-out'), Math.min(timeoutMs, LONGEST_TIMEOUT_MS));
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    void exited.then(() => settle('exited'));
  });
}
