import { existsSync, readFileSync } from 'node:fs';

/** The pid that was given out last at a time, by `performance.now`. */
export interface LastPid {
  readonly pid: number;
  readonly atMs: number;
}

/**
 * Pids are given out one after the other, and all have their turn before one comes again: not within this time, where
 * there are 32,768 of them, the fewest that Linux has, and two threads at once do nothing but begin and end. Some
 * hundred milliseconds are enough for whoever wants to see it.
 */
const PID_KEPT_MS = 100;

/** Above it, reading the whole folder takes no longer. */
const MOST_TRIED = 100;

/** Of this process's namespace; undefined where nobody says it, as elsewhere than on Linux. */
export function lastPid(): LastPid | undefined {
  const atMs = performance.now();
  try {
    // https://man7.org/linux/man-pages/man5/proc_loadavg.5.html: the last field.
    return { pid: Number(readFileSync('/proc/loadavg', 'utf8').trim().split(' ').at(-1)), atMs };
  } catch {
    return undefined;
  }
}

/**
 * What was read before `child` was started, where that counts the same pids as `child`'s is one of. A container may be
 * told something else: its host's, what was so a while ago (both lxcfs), or always 0
 * (https://github.com/google/gvisor/blob/master/pkg/sentry/fsimpl/proc/loadavg.go).
 */
export function countedBefore(
  child: number,
  before: LastPid | undefined,
  after = lastPid(),
): LastPid | undefined {
  return before && after && before.pid < child && child <= after.pid ? before : undefined;
}

/** What tells of pids; tests have others. */
interface PidSource {
  readonly last: () => LastPid | undefined;
  readonly exists: (pid: number) => boolean;
}
const PROC: PidSource = { last: lastPid, exists: (pid) => existsSync(`/proc/${pid}`) };

/** Those who got their pids after `earlier`: nobody, whoever has a greater one, or, where pids can't tell it, anybody. */
export function cameAfter(earlier: LastPid | undefined, proc = PROC): 'nobody' | 'greater' | 'anybody' {
  if (earlier === undefined) return 'anybody';
  for (let tried = earlier.pid; ;) {
    const now = proc.last();
    // A smaller number: they have begun anew.
    if (!now || now.pid < tried || now.atMs - earlier.atMs >= PID_KEPT_MS) return 'anybody';
    // Who was tried, and is gone, may have left a child meanwhile: only when none came is nobody there.
    if (now.pid === tried) return 'nobody';
    if (now.pid - earlier.pid > MOST_TRIED) return 'greater';
    while (tried < now.pid) if (proc.exists(++tried)) return 'greater';
  }
}
