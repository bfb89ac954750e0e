import { Fault } from '@swe/domain';
import type { OutputChunk, Processes, ProcessSpec, RunResult, RunSpec } from '@swe/domain';
import { open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Enclosure } from '../enclosure';
import { toFault } from '../to-fault';
import { lengthOfWholeCharacters } from './characters';
import { HostProcess, longestEndMs } from './host-process';
import type { LaunchSpec } from './host-process';
import { Pipes } from './pipe';
import { openPlace } from './place';
import type { Place } from './place';
import { locateProgram } from './locate-program';
import type { Sandbox } from './sandbox';
import { Preview } from './preview';
import { runToEnd } from './run-to-end';
import type { Ending } from './run-to-end';
import { readNote, toArgv } from './script';

export interface HostProcessesOptions {
  /** The workspace's root: absolute, with links resolved. */
  readonly root: string;
  /** Where the output of processes is kept, relative to the root. */
  readonly spoolDirectory: string;
  /** The whole environment; processes see nothing else but `SWE_RUN`, the mark that their tree is found by. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of one process's output file. */
  readonly maxSpoolBytes?: number;
  /** Between SIGTERM and SIGKILL. `invalid` when that leaves too little of the two seconds that an end may take. */
  readonly killGraceMs?: number;
  /** What shuts every process in. Absent: each can do what this user can. */
  readonly sandbox?: Sandbox | undefined;
  /** In a sandbox: what processes may write, besides what is below the root. */
  readonly writable?: readonly string[];
  /** Where directories are made that a process's fittings lie in; default: the system's for temporary files. */
  readonly scratchDirectory?: string;
}

interface Background {
  readonly place: Place;
  readonly process: HostProcess;
  /** Set by the first `kill`. */
  killed?: Promise<void>;
}

/** Where `mkfifo` is looked for first; then on the processes' own `PATH`, since some systems keep nothing here. */
const SYSTEM_PATH = '/usr/bin:/bin';

/** The port's promise for the end of a whole tree. */
const END_LIMIT_MS = 2_000;

/**
 * Processes of this machine. A run's input is what `stdin` says and then ends; a started process's input stays open
 * for `input`. What a started process leaves behind when it ends stays until `kill` or `close`.
 */
export class HostProcesses implements Processes {
  readonly #options: Required<Omit<HostProcessesOptions, 'sandbox'>> & Pick<HostProcessesOptions, 'sandbox'>;
  readonly #enclosure: Enclosure;
  readonly #pipes: Pipes;
  readonly #runs = new Set<HostProcess>();
  readonly #background = new Map<string, Background>();

  constructor(options: HostProcessesOptions) {
    const defaults = {
      maxSpoolBytes: 64 * 1024 * 1024,
      killGraceMs: 500,
      scratchDirectory: tmpdir(),
      writable: [],
    };
    this.#options = { ...defaults, ...options };
    const endMs = longestEndMs(this.#options.killGraceMs, options.sandbox !== undefined);
    if (endMs > END_LIMIT_MS) throw new Fault('invalid', `an end could take ${endMs} ms`);
    this.#enclosure = new Enclosure(options.root);
    const searchPath = [SYSTEM_PATH, options.environment['PATH']].filter(Boolean).join(':');
    this.#pipes = new Pipes({ directory: this.#options.scratchDirectory, searchPath });
  }

  get spoolDirectory(): string {
    return this.#options.spoolDirectory;
  }

  async run(spec: RunSpec, signal: AbortSignal): Promise<RunResult> {
    const startedMs = performance.now();
    const place = await this.#openPlace(spec, spec.spoolName);
    try {
      const preview = new Preview(spec.previewBytes);
      const ending = signal.aborted ? NEVER_STARTED : await this.#execute(spec, place, preview, signal);
      if (preview.isExact) await place.spool.discard();
      return {
        ...ending,
        output: { ...preview.read(), spoolPath: place.spool.path, spooledBytes: place.spool.bytes },
        cwd: readNote(place.note) ?? place.cwd,
        durationMs: performance.now() - startedMs,
      };
    } catch (error) {
      await place.spool.discard();
      throw error;
    } finally {
      await place.release();
    }
  }

  async start(spec: ProcessSpec): Promise<string> {
    const place = await this.#openPlace(spec);
    try {
      const process = await this.#launch(spec, place, 'pipe', (chunk) => place.spool.append(chunk));
      this.#background.set(place.id, { place, process });
      if (spec.stdin !== undefined) process.input(spec.stdin);
      return place.id;
    } catch (error) {
      await place.spool.discard();
      await place.release();
      throw error;
    }
  }

  async output(id: string, offset: number, maxBytes: number): Promise<OutputChunk> {
    if (!isCount(offset) || !isCount(maxBytes)) {
      throw new Fault('invalid', `not a range of bytes: ${offset}, ${maxBytes}`);
    }
    const { place, process } = this.#find(id);
    // Asked before reading, so that a process is never told as ended while output is still to come.
    const running = !process.isSettled;
    const bytes = await place.spool.read(offset, maxBytes);
    const text = bytes.subarray(0, lengthToShow(bytes, { full: bytes.length === maxBytes, running }));
    const exit = running || process.exit === undefined ? { exitCode: null, signal: null } : process.exit;
    return { text: text.toString(), nextOffset: offset + text.length, state: { running, ...exit } };
  }

  async input(id: string, text: string): Promise<void> {
    this.#find(id).process.input(text);
  }

  async kill(id: string): Promise<void> {
    const background = this.#background.get(id);
    if (background === undefined) throw unknown(id);
    background.killed ??= this.#putAway(background);
    await background.killed;
  }

  /** Ends everything that still runs. To be called once nothing is run or started any more. */
  async close(): Promise<void> {
    await Promise.all([
      ...[...this.#runs].map((process) => process.end(this.#options.killGraceMs)),
      ...[...this.#background.keys()].map((id) => this.kill(id)),
    ]);
    await this.#pipes.close();
  }

  async #execute(spec: RunSpec, place: Place, preview: Preview, signal: AbortSignal): Promise<Ending> {
    const onOutput = async (chunk: Buffer): Promise<void> => {
      preview.add(chunk);
      await place.spool.append(chunk);
    };
    const process = await this.#launchWithText(spec, place, onOutput);
    this.#runs.add(process);
    try {
      const { killGraceMs } = this.#options;
      return await runToEnd(process, { timeoutMs: spec.timeoutMs, killGraceMs }, signal);
    } finally {
      this.#runs.delete(process);
    }
  }

  async #launchWithText(
    spec: ProcessSpec,
    place: Place,
    onOutput: LaunchSpec['onOutput'],
  ): Promise<HostProcess> {
    if (spec.stdin === undefined) return this.#launch(spec, place, 'ignore', onOutput);
    // A file, not a pipe: reading `/dev/stdin` works, and nothing waits for a process that does not read.
    const path = join(place.scratch, 'stdin');
    await writeFile(path, spec.stdin, { mode: 0o600 });
    await using file = await open(path);
    return await this.#launch(spec, place, file.fd, onOutput);
  }

  async #launch(
    spec: ProcessSpec,
    { id, cwd, scratch, note }: Place,
    stdin: LaunchSpec['stdin'],
    onOutput: LaunchSpec['onOutput'],
  ): Promise<HostProcess> {
    const argv = toArgv(spec.command, note);
    const environment = { ...this.#options.environment, ...spec.env };
    try {
      const confined = await this.#confine(argv, { cwd, scratch, path: environment['PATH'] ?? '' });
      const pipes = this.#pipes;
      return await HostProcess.launch({ id, cwd, environment, stdin, pipes, onOutput, ...confined });
    } catch (error) {
      throw toFault(error, argv[0]);
    }
  }

  async #confine(
    argv: LaunchSpec['argv'],
    { path, cwd, scratch }: { readonly path: string; readonly cwd: string; readonly scratch: string },
  ): Promise<Pick<LaunchSpec, 'argv' | 'hasWarden'>> {
    const { sandbox, root, writable } = this.#options;
    if (sandbox === undefined) return { argv };
    // What the sandbox executes exists, so a missing program would pass for one that ended with 127.
    await locateProgram(argv[0], cwd, path);
    return { argv: sandbox.confine(argv, { cwd, writable: [root, scratch, ...writable] }), hasWarden: true };
  }

  async #openPlace({ cwd }: ProcessSpec, spoolName?: string): Promise<Place> {
    try {
      return await openPlace(this.#enclosure, { ...this.#options, cwd, spoolName });
    } catch (error) {
      throw toFault(error, cwd);
    }
  }

  async #putAway({ place, process }: Background): Promise<void> {
    await process.end(this.#options.killGraceMs);
    await place.release();
  }

  #find(id: string): Background {
    const background = this.#background.get(id);
    if (background === undefined || background.killed !== undefined) throw unknown(id);
    return background;
  }
}

const NEVER_STARTED: Ending = { end: 'cancelled', exitCode: null, signal: null, leftovers: 0 };

/** Up to the last whole character, unless that is all there will ever be, or would never get anywhere. */
function lengthToShow(bytes: Buffer, { full, running }: { full: boolean; running: boolean }): number {
  const whole = lengthOfWholeCharacters(bytes);
  if (full) return whole === 0 ? bytes.length : whole;
  return running ? whole : bytes.length;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function unknown(id: string): Fault {
  return new Fault('missing', `no process ${id}`);
}
