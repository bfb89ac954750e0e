import { readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '../file-system';

/** Names the environment variable by which every process of a worker is found: `<session>.<generation>`. */
export const WORKER_MARK = 'SWE_WORKER';

/** A process named for ever: `pid` alone is used again. `started` is in clock ticks since the machine's start. */
export interface ProcessName {
  readonly pid: number;
  readonly started: string;
}

/** The process of this pid, undefined when it is dead, also when it is still a zombie. */
export function findProcess(pid: number): ProcessName | undefined {
  const stat = readUnlessGone(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; the second field may hold blanks and brackets.
  const [state = 'X', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : { pid, started: fields[18] ?? '' };
}

/** Every living process that was executed with the mark of this worker in its environment. */
export function findMarked(workerId: string): readonly ProcessName[] {
  const mark = `${WORKER_MARK}=${workerId}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readUnlessGone(`/proc/${pid}/environ`)?.split('\0').includes(mark) ?? false)
    .flatMap((pid) => findProcess(Number(pid)) ?? []);
}

/** Harmless when it is gone, or its pid is somebody else's by now. */
export function signalProcess({ pid, started }: ProcessName, signal: NodeJS.Signals): void {
  if (findProcess(pid)?.started !== started) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

/** Undefined for who is gone, or is none of ours to look at. */
function readUnlessGone(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
