import { spawnSync } from 'node:child_process';

/** Whether a process does anything: one that has ended but was not collected by its parent yet (state Z) does not. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z]/.test(stdout.trim());
}
