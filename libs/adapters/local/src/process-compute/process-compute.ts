import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { checkBlobKey, Fault } from '@swe/domain';
import type { Clock, Compute, Page, PageRequest, Worker } from '@swe/domain';
import { z } from 'zod';
import { codeOf, mkdirs } from '../file-system';
import { findMarked, findProcess, signalProcess, workerIdOf, workerMark } from './marked-processes';
import type { ProcessName } from './marked-processes';

export interface ProcessComputeOptions {
  /** Where it is written down which processes there are. Made when absent. */
  readonly folder: string;
  /** What to execute for a worker. It outlives the process that starts it. */
  command(sessionId: string, generation: number): readonly [string, ...string[]];
  /** The whole environment of a worker, but for its mark. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Between SIGTERM and SIGKILL. */
  readonly stopGraceMs?: number;
  /** How a worker's processes are looked for. */
  readonly findMarked?: typeof findMarked;
}

const POLL_MS = 25;
/** How long SIGKILL may take; only a process that hangs in the kernel needs it. */
const KILL_LIMIT_MS = 2_000;
/** A record without a process is one that is just being started, or whose starter died there. */
const START_LIMIT_MS = 10_000;

const processName = z.object({ pid: z.int(), started: z.string() });
const record = z.object({
  sessionId: z.string(),
  generation: z.int(),
  atMs: z.int(),
  /** Serves its session by itself, started by somebody else. */
  adopted: z.boolean().default(false),
  process: processName.optional(),
  /** The process that starts it; absent in records older than the field. */
  starter: processName.optional(),
});
type WorkerRecord = z.input<typeof record>;

/**
 * Workers as processes of this machine, one for each session and generation; any number of managers may share the
 * folder. A worker and all that it executes are found by a mark in their environment, so nothing of a generation
 * outlives `confirmDead` but what cleared its environment outside a sandbox. Elsewhere than on Linux nobody can tell
 * what a process was executed with: there only the worker itself is found.
 */
export class ProcessCompute implements Compute {
  readonly #options: Required<ProcessComputeOptions>;

  constructor(options: ProcessComputeOptions) {
    this.#options = { stopGraceMs: 5_000, findMarked, ...options };
  }

  async ensure(sessionId: string, generation: number): Promise<Worker> {
    if (this.#claim(sessionId, generation)) await this.#start(sessionId, generation);
    return this.#workerOf(this.#read(workerIdOf(sessionId, generation)));
  }

  /** Makes a process that is there already the worker of a generation: one that serves its session by itself. */
  adopt(sessionId: string, generation: number, pid: number): void {
    const found = findProcess(pid);
    if (found === undefined || !this.#claim(sessionId, generation)) {
      throw new Fault('conflict', `Session ${sessionId} has a worker already.`);
    }
    const atMs = this.#options.clock.nowMs();
    this.#write({ sessionId, generation, atMs, adopted: true, process: found });
  }

  /** Stops all workers that were started here, and says how many were running. */
  async stopStarted(): Promise<number> {
    const started = this.#records().filter(({ adopted }) => !adopted);
    const running = started.map((each) => this.#workerOf(each)).filter(({ state }) => state !== 'stopped');
    await Promise.all(running.map(({ workerId }) => this.stop(workerId)));
    return running.length;
  }

  async stop(workerId: string): Promise<void> {
    const found = this.#find(workerId);
    if (found === undefined) return;
    const { process } = found;
    if (process !== undefined) {
      signalProcess(process, 'SIGTERM');
      await this.#until(this.#options.stopGraceMs, () => !isAlive(process));
    }
    await this.#kill(workerId, process);
  }

  async terminate(workerId: string): Promise<void> {
    await this.stop(workerId);
    rmSync(this.#path(workerId), { force: true });
  }

  async describe(sessionId: string): Promise<Worker | undefined> {
    const records = this.#records().filter((each) => each.sessionId === sessionId);
    const latest = records.toSorted((a, b) => a.generation - b.generation).at(-1);
    return latest && this.#workerOf(latest);
  }

  async list({ limit, after = '' }: PageRequest): Promise<Page<Worker>> {
    const workers = this.#records()
      .map((each) => this.#workerOf(each))
      .filter(({ workerId }) => workerId > after)
      .sort((a, b) => (a.workerId < b.workerId ? -1 : 1));
    const items = workers.slice(0, limit);
    const last = items.at(-1);
    return last === undefined || workers.length <= limit ? { items } : { items, next: last.workerId };
  }

  async confirmDead(sessionId: string, generation: number): Promise<boolean> {
    const workerId = workerIdOf(sessionId, generation);
    this.#bury(sessionId, generation);
    // Whoever claimed it before saw nothing of that, and is about to start it.
    const isStarted = await this.#until(START_LIMIT_MS, () => !isBeingStarted(this.#find(workerId)));
    if (!isStarted) return false;
    const found = this.#find(workerId);
    // Nobody claimed it, and nobody can any more: there is no start that a look could miss.
    const isUnclaimed = found === undefined && !existsSync(this.#path(workerId));
    return this.#kill(workerId, found?.process, isUnclaimed ? 1 : 2);
  }

  /**
   * True for the one caller, of all processes, that is to start it. A claim is written before the graves are looked at,
   * and a grave before the claims, so that of a starter and whoever confirms the death at least one sees the other.
   */
  #claim(sessionId: string, generation: number): boolean {
    checkBlobKey(sessionId);
    mkdirs(this.#options.folder);
    const atMs = this.#options.clock.nowMs();
    const claimed: WorkerRecord = { sessionId, generation, atMs, starter: findProcess(process.pid) };
    const path = this.#path(workerIdOf(sessionId, generation));
    const isFirst = writeUnlessThere(path, JSON.stringify(claimed));
    if (!this.#isBuried(sessionId, generation)) return isFirst;
    if (isFirst) rmSync(path);
    throw new Fault('conflict', `Worker ${generation} of session ${sessionId} is known to be dead.`);
  }

  /** Remembers for ever that it is dead. Generations only grow: one grave stands for all before it. */
  #bury(sessionId: string, generation: number): void {
    checkBlobKey(sessionId);
    const { folder } = this.#options;
    mkdirs(folder);
    writeUnlessThere(join(folder, graveOf(sessionId, generation)), '');
    for (const older of this.#graves(sessionId).filter((each) => each < generation)) {
      rmSync(join(folder, graveOf(sessionId, older)), { force: true });
    }
  }

  #isBuried(sessionId: string, generation: number): boolean {
    return this.#graves(sessionId).some((each) => each >= generation);
  }

  #graves(sessionId: string): readonly number[] {
    const beginning = `${sessionId}.`;
    return namesIn(this.#options.folder)
      .filter((name) => name.startsWith(beginning) && name.endsWith(GRAVE))
      .map((name) => Number(name.slice(beginning.length, -GRAVE.length)));
  }

  async #start(sessionId: string, generation: number): Promise<void> {
    const { command, environment, folder, clock } = this.#options;
    const workerId = workerIdOf(sessionId, generation);
    const [program, ...args] = command(sessionId, generation);
    const log = openSync(join(folder, `${workerId}.log`), 'a', 0o600);
    let found: ProcessName | undefined;
    try {
      const env = { ...environment, ...workerMark(sessionId, generation) };
      const child = spawn(program, args, { env, detached: true, stdio: ['ignore', log, log] });
      await once(child, 'spawn');
      child.unref();
      found = child.pid === undefined ? undefined : findProcess(child.pid);
      this.#write({ sessionId, generation, atMs: clock.nowMs(), process: found });
    } catch (cause) {
      // It may run already, unknown to anybody: the disk was full when it was to be written down.
      await this.#kill(workerId, found);
      rmSync(this.#path(workerId), { force: true });
      throw new Fault('transient', `no worker could be started: ${String(cause)}`, { cause });
    } finally {
      closeSync(log);
    }
  }

  /** Until nothing of it lives, at two looks in a row: one can miss what is just being started. */
  async #kill(workerId: string, worker: ProcessName | undefined, looks = 2): Promise<boolean> {
    let emptyLooks = 0;
    return this.#until(KILL_LIMIT_MS, () => {
      const living = [...this.#options.findMarked(workerId), ...(worker && isAlive(worker) ? [worker] : [])];
      living.forEach((each) => signalProcess(each, 'SIGKILL'));
      emptyLooks = living.length === 0 ? emptyLooks + 1 : 0;
      return emptyLooks === looks;
    });
  }

  async #until(limitMs: number, isSo: () => boolean): Promise<boolean> {
    const { clock } = this.#options;
    const endMs = clock.monotonicMs() + limitMs;
    while (!isSo()) {
      if (clock.monotonicMs() >= endMs) return false;
      await clock.sleep(POLL_MS);
    }
    return true;
  }

  #workerOf({ sessionId, generation, atMs, process }: WorkerRecord): Worker {
    const workerId = workerIdOf(sessionId, generation);
    const found = process ?? this.#options.findMarked(workerId)[0];
    const isStarting = found === undefined && this.#options.clock.nowMs() - atMs < START_LIMIT_MS;
    const state = isStarting ? 'starting' : found !== undefined && isAlive(found) ? 'running' : 'stopped';
    return { sessionId, generation, workerId, state };
  }

  #records(): readonly WorkerRecord[] {
    const names = namesIn(this.#options.folder).filter((name) => name.endsWith('.json'));
    return names.flatMap((name) => this.#find(name.slice(0, -'.json'.length)) ?? []);
  }

  #find(workerId: string): WorkerRecord | undefined {
    try {
      return this.#read(workerId);
    } catch (error) {
      // No such worker, or a claim that its writer has not finished yet.
      if (codeOf(error) === 'ENOENT' || (error as Error).name === 'SyntaxError') return undefined;
      throw error;
    }
  }

  #read(workerId: string): WorkerRecord {
    return record.parse(JSON.parse(readFileSync(this.#path(workerId), 'utf8')));
  }

  #write(written: WorkerRecord): void {
    const path = this.#path(workerIdOf(written.sessionId, written.generation));
    writeFileSync(`${path}.unfinished`, JSON.stringify(written), { mode: 0o600 });
    renameSync(`${path}.unfinished`, path);
  }

  #path(workerId: string): string {
    return join(this.#options.folder, `${workerId}.json`);
  }
}

const GRAVE = '.dead';

function graveOf(sessionId: string, generation: number): string {
  return `${workerIdOf(sessionId, generation)}${GRAVE}`;
}

function isBeingStarted(found: WorkerRecord | undefined): boolean {
  const { starter, process: started } = found ?? {};
  return started === undefined && starter !== undefined && isAlive(starter);
}

/** False when the file is there already. */
function writeUnlessThere(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function isAlive({ pid, started }: ProcessName): boolean {
  return findProcess(pid)?.started === started;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
