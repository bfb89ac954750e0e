import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Whether a process in `folder` does anything, by the number it knows itself by, in a sandbox another one than outside
 * (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html). One that has ended but was not collected yet does not.
 */
export function isAlive(pid: number, folder: string): boolean {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    return /^[^Z]/.test(stdout.trim());
  }
  return readdirSync('/proc').some((outside) => {
    try {
      const names = /^NSpid:\t(.*)$/m.exec(readFileSync(`/proc/${outside}/status`, 'utf8'))?.[1];
      const isIt = names?.split('\t').at(-1) === String(pid);
      return isIt && readlinkSync(`/proc/${outside}/cwd`).startsWith(folder);
    } catch {
      // No process, or one that has ended.
      return false;
    }
  });
}
