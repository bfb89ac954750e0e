import { readFileSync } from 'node:fs';

/** What a process has used so far. */
export interface ProcessFigures {
  /** Of itself, in user and system mode. */
  readonly cpuMs: number;
  /** Of its children that have ended. */
  readonly childrenCpuMs: number;
  readonly residentMb: number;
  readonly peakResidentMb: number;
}

/** USER_HZ, which is 100 on every architecture that Node runs on: https://man7.org/linux/man-pages/man7/time.7.html */
const TICK_MS = 10;

/** As Linux tells it: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function figuresOfProcess(pid: number): ProcessFigures {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name, in brackets, may have any characters.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN) / 1024;
  return {
    cpuMs: (user + system) * TICK_MS,
    childrenCpuMs: (childrenUser + childrenSystem) * TICK_MS,
    residentMb: megabytes('VmRSS'),
    peakResidentMb: megabytes('VmHWM'),
  };
}
