import { Fault } from '@swe/domain';
import type {
  Clock,
  Command,
  OutputChunk,
  Processes,
  ProcessSpec,
  RunResult,
  RunSpec,
  Workspace,
} from '@swe/domain';
import { posix } from 'node:path';
import { Pids, ScriptedProcess } from './scripted-process';
import type { ScriptedProgram } from './scripted-process';

export interface ScriptedProcessesOptions {
  /** Where working directories are looked up and output is spooled. */
  readonly workspace: Workspace;
  readonly clock: Clock;
  /** What can be run, by the name of the program or the whole text of the script. */
  readonly programs: Readonly<Record<string, ScriptedProgram>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly maxSpoolBytes?: number;
}

/**
 * Processes that are functions. An unknown program is `missing`; an unknown script is a mistake in the test, and
 * throws. Nothing but `clock` makes a timeout pass.
 */
export class ScriptedProcesses implements Processes {
  readonly spoolDirectory = '.swe/output';
  /** Every command so far, oldest first. */
  readonly commands: Command[] = [];
  readonly #options: Required<ScriptedProcessesOptions>;
  readonly #pids = new Pids();
  readonly #background = new Map<string, ScriptedProcess>();
  readonly #killed = new Set<string>();
  #launched = 0;

  constructor(options: ScriptedProcessesOptions) {
    this.#options = { environment: {}, maxSpoolBytes: 1024 * 1024, ...options };
  }

  isAlive(pid: number): boolean {
    return this.#pids.has(pid);
  }

  async run(spec: RunSpec, signal: AbortSignal): Promise<RunResult> {
    const { clock, workspace } = this.#options;
    const startedMs = clock.monotonicMs();
    const process = await this.#launch(spec);
    const id = `run-${this.#launched}`;
    const end = await this.#firstEnd(process, spec.timeoutMs, signal);
    const leftovers = process.end();
    const spoolPath = `${this.spoolDirectory}/${spec.spoolName ?? id}.log`;
    const preview = process.preview(spec.previewBytes);
    if (preview.spooledBytes > 0) await workspace.write(spoolPath, process.spool);
    return {
      end,
      exitCode: process.state.exitCode,
      signal: process.state.signal,
      output: { ...preview, spoolPath },
      cwd: process.cwd,
      leftovers: end === 'exited' ? leftovers : 0,
      durationMs: clock.monotonicMs() - startedMs,
    };
  }

  async start(spec: ProcessSpec): Promise<string> {
    const process = await this.#launch(spec);
    const id = `process-${this.#launched}`;
    this.#background.set(id, process);
    return id;
  }

  async output(id: string, offset: number, maxBytes: number): Promise<OutputChunk> {
    const { spool, state } = this.#find(id);
    const bytes = spool.subarray(offset, offset + maxBytes);
    // Decoding as a stream leaves off a character that the end cuts through.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
    return { text, nextOffset: offset + Buffer.byteLength(text), state };
  }

  async input(id: string, text: string): Promise<void> {
    const process = this.#find(id);
    if (!process.state.running) throw new Fault('conflict', 'the process takes no input any more');
    process.feed(text);
  }

  async kill(id: string): Promise<void> {
    if (this.#killed.has(id)) return;
    this.#find(id).end();
    this.#killed.add(id);
  }

  async #launch({ command, cwd, env, stdin }: ProcessSpec): Promise<ScriptedProcess> {
    const { workspace, programs, environment, maxSpoolBytes } = this.#options;
    const { kind } = await workspace.stat(cwd);
    if (kind !== 'directory') throw new Fault('invalid', `${cwd}: not a directory`);
    const [name, ...args] = 'argv' in command ? command.argv : [command.script];
    const program = programs[name];
    if (program === undefined && 'script' in command) throw new Error(`nobody scripted ${name}`);
    if (program === undefined) throw new Fault('missing', `${name}: no such program`);
    this.commands.push(command);
    this.#launched += 1;
    const process = new ScriptedProcess({
      args,
      env: { ...environment, ...env },
      cwd: posix.resolve(workspace.root, cwd),
      stdin,
      maxSpoolBytes,
      pids: this.#pids,
    });
    void process.execute(program);
    return process;
  }

  async #firstEnd(
    process: ScriptedProcess,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<RunResult['end']> {
    const settled = new AbortController();
    const asleep = AbortSignal.any([settled.signal, signal]);
    try {
      return await Promise.race([
        process.finished.then(() => 'exited' as const),
        this.#options.clock.sleep(timeoutMs, asleep).then(() => (signal.aborted ? 'cancelled' : 'timed-out')),
      ]);
    } finally {
      settled.abort();
    }
  }

  #find(id: string): ScriptedProcess {
    const process = this.#background.get(id);
    if (process === undefined || this.#killed.has(id)) throw new Fault('missing', `no process ${id}`);
    return process;
  }
}
