import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Processes } from '@swe/domain';
import { lives } from './living-process';

/** Of the processes that the contract is checked on. */
export const MAX_SPOOL_BYTES = 1024 * 1024;

/** What the contract asks of processes in `root`. */
export function processesSubject<Opened extends Processes>(
  processes: Opened,
  { root, environment }: { readonly root: string; readonly environment: Readonly<Record<string, string>> },
) {
  const seen = new Set<number>();
  return {
    processes,
    root,
    environment,
    maxSpoolBytes: MAX_SPOOL_BYTES,
    volumeBytes: 1024 ** 3,
    file: (path: string) => readFile(join(root, path)).catch(() => undefined),
    isAlive: (pid: number) => {
      seen.add(pid);
      return lives(pid);
    },
    elapse: async () => undefined,
    /** Only what a failing test has just shown to outlive its end. */
    endSeen: () => {
      for (const pid of seen) if (lives(pid)) process.kill(pid, 'SIGKILL');
    },
  };
}
