import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '../file-system';

/** Names the environment variable by which every process of a worker is found. */
const WORKER_MARK = 'SWE_WORKER';

export function workerIdOf(sessionId: string, generation: number): string {
  return `${sessionId}.${generation}`;
}

/** What every process of a worker has to have in its environment. */
export function workerMark(sessionId: string, generation: number): Readonly<Record<string, string>> {
  return { [WORKER_MARK]: workerIdOf(sessionId, generation) };
}

const IS_LINUX = process.platform === 'linux';

/** A process named for ever: `pid` alone is used again. `started` is as the system says it. */
export interface ProcessName {
  readonly pid: number;
  readonly started: string;
}

/** The process of this pid, undefined when it is dead, also when it is still a zombie. */
export function findProcess(pid: number): ProcessName | undefined {
  if (!IS_LINUX) return findByPs(pid);
  const stat = statOf(`/proc/${pid}`);
  if (stat === undefined) return undefined;
  return stat.isDead && livingThreadsOf(pid).length === 0 ? undefined : { pid, started: stat.started };
}

/**
 * Every living process that was executed with the mark of this worker in its environment; on Linux only. One look can
 * miss one: a process that is just being executed shows no environment, and one that was just started may come behind
 * what was read of the table.
 */
export function findMarked(workerId: string): readonly ProcessName[] {
  if (!IS_LINUX) return [];
  const mark = `${WORKER_MARK}=${workerId}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => environmentOf(pid).split('\0').includes(mark))
    .flatMap((pid) => findProcess(pid) ?? []);
}

/** Empty for who is gone, or is none of ours to look at. */
function environmentOf(pid: number): string {
  const shown = readUnlessGone(`/proc/${pid}/environ`) ?? '';
  if (shown !== '' || statOf(`/proc/${pid}`)?.isDead !== true) return shown;
  // The first thread has ended and shows nothing; the others share what it had.
  const [thread] = livingThreadsOf(pid);
  return thread === undefined ? '' : (readUnlessGone(`${thread}/environ`) ?? '');
}

/** The folders of a process's threads that run: its first thread may end, and be a zombie, before the others. */
function livingThreadsOf(pid: number): readonly string[] {
  const threads = `/proc/${pid}/task`;
  return listUnlessGone(threads)
    .map((name) => `${threads}/${name}`)
    .filter((thread) => statOf(thread)?.isDead === false);
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; the second field may hold blanks and brackets. */
function statOf(folder: string): { readonly isDead: boolean; readonly started: string } | undefined {
  const stat = readUnlessGone(`${folder}/stat`);
  if (stat === undefined) return undefined;
  const [state = 'X', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { isDead: state === 'Z' || state === 'X', started: fields[18] ?? '' };
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

function findByPs(pid: number): ProcessName | undefined {
  try {
    const args = ['-o', 'stat=,lstart=', '-p', String(pid)];
    const line = execFileSync('/bin/ps', args, { env: { LC_ALL: 'C' }, encoding: 'utf8' }).trim();
    const [state = 'Z', ...started] = line.split(/\s+/);
    return state.startsWith('Z') ? undefined : { pid, started: started.join(' ') };
  } catch {
    // As ps ends when there is no such process.
    return undefined;
  }
}

/** Undefined for who is gone, or is none of ours to look at. */
function readUnlessGone(path: string): string | undefined {
  return unlessGone(() => readFileSync(path, 'latin1'));
}

function listUnlessGone(path: string): readonly string[] {
  return unlessGone(() => readdirSync(path)) ?? [];
}

function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
