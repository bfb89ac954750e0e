import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { codeOf } from '../to-fault';
import { cameAfter } from './last-pid';
import type { LastPid } from './last-pid';

/** One living process. `pid` and `started` together name it for ever; `pid` alone is used again. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly started: string;
  /** Whether the asked mark is in the environment it was executed with. Always false on macOS. */
  readonly marked: boolean;
}

/**
 * Every process there is that is not yet dead; without those that had their pids before `earlier`, as long as these
 * can't be others' by now: it is many times faster so. `mark` is `NAME=value`; only processes as old as `since` bear it.
 */
export async function readProcessTable(
  mark: string,
  since: string,
  earlier?: LastPid,
): Promise<readonly ProcessRow[]> {
  if (process.platform !== 'linux') return readPs();
  const rows = pidsSince(earlier).map((pid) => readProcess(pid, mark, Number(since)));
  return rows.filter((row) => row !== undefined);
}

/** Those whose pids were given out after `earlier`, as far as that can be told; others with them. */
function pidsSince(earlier: LastPid | undefined): readonly string[] {
  const who = cameAfter(earlier);
  if (who === 'nobody') return [];
  const pids = pidsInUse();
  return who === 'anybody' ? pids : pids.filter((pid) => Number(pid) > (earlier?.pid ?? 0));
}

function pidsInUse(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** When the child `pid` was started, for `since`; to be asked before it can have been reaped. */
export function startOf(pid: number): string {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).started;
  } catch {
    // As on macOS: then every process is as old.
    return '0';
  }
}

/**
 * Undefined for who is dead, also when it is still a zombie. At once, and not file by file through the thread pool: the
 * kernel makes these files up without waiting for anything, and Node has a short way for small texts that takes a tenth
 * of the time and memory.
 */
function readProcess(pid: string, mark: string, since: number): ProcessRow | undefined {
  const stat = readUnless(`/proc/${pid}/stat`, ['ENOENT', 'ESRCH']);
  if (stat === undefined) return undefined;
  const { state, ...row } = parseStat(stat);
  if (state === 'Z' || state === 'X') return undefined;
  if (Number(row.started) < since) return { ...row, marked: false };
  const environment = readUnless(`/proc/${pid}/environ`, ['ENOENT', 'ESRCH', 'EACCES', 'EPERM']);
  return { ...row, marked: environment?.split('\0').includes(mark) ?? false };
}

/** Undefined for the errors that are answers; any other must not make a living process look dead. */
function readUnless(path: string, codes: readonly string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codes.includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; the second field may hold blanks and brackets. */
function parseStat(stat: string) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  return {
    pid: Number.parseInt(stat, 10),
    parent: Number(parent),
    group: Number(group),
    started: fields[19] ?? '0',
    state,
  };
}

async function readPs(): Promise<readonly ProcessRow[]> {
  const columns = 'pid=,ppid=,pgid=,stat=,lstart=';
  const { stdout } = await promisify(execFile)('/bin/ps', ['-axo', columns], { env: { LC_ALL: 'C' } });
  return parsePs(stdout);
}

/** The lines of `ps -axo pid=,ppid=,pgid=,stat=,lstart=`. */
export function parsePs(text: string): readonly ProcessRow[] {
  const living = text.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(?!Z)\S+\s+(.+?)\s*$/gm);
  return [...living].map(([, pid, parent, group, started = '']) => ({
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    started,
    marked: false,
  }));
}
