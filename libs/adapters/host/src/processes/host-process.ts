import { Fault } from '@swe/domain';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../to-fault';
import type { Exit } from './exit';
import { countedBefore, lastPid } from './last-pid';
import type { LastPid } from './last-pid';
import type { Pipes } from './pipe';
import { startOf } from './process-table';
import { KILL_LIMIT_MS, ProcessTree } from './process-tree';
import { readReport } from './warden';

export const MARK = 'SWE_RUN';
/** How long a finished leader's output may go on before whoever still writes it is ended. */
const DRAIN_MS = 250;
/** How long to wait for what SIGKILL should have settled. */
const PATIENCE_MS = 250;
const MAX_PENDING_INPUT_BYTES = 1024 * 1024;
/** The descriptor that a warden reports on. */
const CONTROL = 3;

export interface LaunchSpec {
  /** Unique, also over time: the mark by which members of the tree are found. */
  readonly id: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A descriptor to read from; a pipe for `input` to write to; or nothing to read. */
  readonly stdin: number | 'pipe' | 'ignore';
  readonly pipes: Pick<Pipes, 'open'>;
  /** Whether `argv` is a warden's, which tells how the process ended. */
  readonly hasWarden?: boolean;
  /** Gets the output piece by piece; no more is read until it is done with the last. */
  readonly onOutput: (chunk: Buffer) => Promise<void>;
}

/** A process of this machine and its tree, in a session of its own, both output streams on one pipe. */
export class HostProcess {
  /** Set once the leader has ended. */
  exit: Exit | undefined;
  /** The leader has ended. */
  readonly exited: Promise<void>;
  /** What the leader wrote has been read, too; tells how many processes it left behind. */
  readonly settled: Promise<number>;
  isSettled = false;
  readonly #tree: ProcessTree;
  readonly #output: Socket;
  readonly #input: Socket | undefined;
  /** The warden's descriptor 3. */
  readonly #control: Socket | undefined;
  #isReported = false;
  readonly #drained: Promise<void>;

  private constructor(
    child: ChildProcess & { readonly pid: number },
    { id, hasWarden = false, onOutput }: LaunchSpec,
    output: number,
    input: number | undefined,
    earlier: LastPid | undefined,
  ) {
    this.#tree = new ProcessTree({
      pid: child.pid,
      started: startOf(child.pid),
      mark: `${MARK}=${id}`,
      hasWarden,
      earlier,
    });
    this.#control = hasWarden ? (child.stdio[CONTROL] as Socket) : undefined;
    this.exited = new Promise((resolve) => {
      const settle = (exit: Exit): void => {
        this.exit ??= exit;
        resolve();
      };
      child.once('exit', (exitCode, signal) => settle({ exitCode, signal }));
      if (this.#control === undefined) return;
      onReport(this.#control, (exit) => {
        this.#isReported = true;
        settle(exit);
      });
    });
    this.#output = new Socket({ fd: output, readable: true, writable: false });
    this.#input = input === undefined ? input : new Socket({ fd: input, readable: false, writable: true });
    // A process may end, or close its input, without reading all of it.
    this.#input?.on('error', () => undefined);
    const complaint = child.stderr === null ? '' : text(child.stderr);
    this.#drained = drain(this.#output, onOutput).then(() => this.#passOn(complaint, onOutput));
    this.settled = this.#settle();
    // Whoever awaits them hears of a failure; behind a background process, and until the leader's end, nobody does.
    this.#drained.catch(() => undefined);
    this.settled.catch(() => undefined);
  }

  /** Rejects with the operating system's error when the program cannot be executed. */
  static async launch(spec: LaunchSpec): Promise<HostProcess> {
    using theirs = new DisposableStack();
    using ours = new DisposableStack();
    const pipe = async (name: 'input' | 'output') => {
      const { readEnd, writeEnd } = await spec.pipes.open();
      const [child, parent] = name === 'input' ? [readEnd, writeEnd] : [writeEnd, readEnd];
      theirs.defer(() => closeSync(child));
      ours.defer(() => closeSync(parent));
      return { child, parent };
    };
    const output = await pipe('output');
    const input = spec.stdin === 'pipe' ? await pipe('input') : undefined;

    const [program, ...args] = spec.argv;
    const theirInput = input?.child ?? spec.stdin;
    const earlier = lastPid();
    const child = spawn(program, args, {
      cwd: spec.cwd,
      env: { ...spec.environment, [MARK]: spec.id },
      detached: true,
      stdio:
        spec.hasWarden === true
          ? [theirInput, 'ignore', 'pipe', 'pipe', output.child]
          : [theirInput, output.child, output.child],
    });
    if (!hasPid(child)) throw (await once(child, 'error'))[0];
    ours.move();
    return new HostProcess(child, spec, output.parent, input?.parent, countedBefore(child.pid, earlier));
  }

  /** Queues `text`; `conflict` when the process has ended, `transient` when it has yet to read what came before. */
  input(text: string): void {
    if (this.#input === undefined || this.exit !== undefined || this.#input.destroyed) {
      throw new Fault('conflict', 'the process takes no input any more');
    }
    if (this.#input.writableLength > MAX_PENDING_INPUT_BYTES) {
      throw new Fault('transient', 'the process does not read its input');
    }
    this.#input.write(text);
  }

  /** Ends the whole tree: SIGTERM, then, after `graceMs`, SIGKILL. Harmless when it has ended. */
  async end(graceMs: number): Promise<void> {
    await this.#tree.end(graceMs);
    await within(PATIENCE_MS, this.exited);
    // A warden has said by now what it had to say.
    if (this.#control !== undefined) await this.#tree.end(0);
    await within(PATIENCE_MS, this.#drained);
    this.release();
  }

  /** Lets go of its pipes; for one whose tree has ended. */
  release(): void {
    this.#output.destroy();
    this.#input?.destroy();
    this.#control?.destroy();
  }

  /** What a sandbox said that could not be made: then it is all the output there is. */
  async #passOn(complaint: string | Promise<string>, onOutput: LaunchSpec['onOutput']): Promise<void> {
    if (this.#control === undefined) return;
    await this.exited;
    if (!this.#isReported) await onOutput(Buffer.from(await complaint));
  }

  async #settle(): Promise<number> {
    await this.exited;
    try {
      return await (this.#control === undefined ? this.#leave() : this.#leaveWarden(this.#control));
    } finally {
      this.isSettled = true;
    }
  }

  async #leave(): Promise<number> {
    await within(DRAIN_MS, this.#drained);
    return this.#tree.orphan();
  }

  /** A warden keeps the output open, so that ends only once nobody is left to be watched. */
  async #leaveWarden(control: Socket): Promise<number> {
    const left = await this.#tree.orphan();
    if (left === 0) control.destroy();
    await within(DRAIN_MS, this.#drained);
    return left;
  }
}

/** What `end` takes at most, the time for looking at processes aside. */
export function longestEndMs(graceMs: number, hasWarden: boolean): number {
  return graceMs + (hasWarden ? 2 : 1) * KILL_LIMIT_MS + 2 * PATIENCE_MS;
}

/** Calls `settle` once the warden's report is complete. */
function onReport(control: Socket, settle: (exit: Exit) => void): void {
  let said = '';
  control.setEncoding('utf8');
  // The other end closing is how a sandbox ends.
  control.on('error', () => undefined);
  control.on('data', (more: string) => {
    said += more;
    const exit = readReport(said);
    if (exit !== undefined) settle(exit);
  });
}

function hasPid(child: ChildProcess): child is ChildProcess & { readonly pid: number } {
  return child.pid !== undefined;
}

async function drain(output: Socket, onOutput: (chunk: Buffer) => Promise<void>): Promise<void> {
  try {
    for await (const chunk of output) await onOutput(chunk as Buffer);
  } catch (error) {
    // `release` gave up on whoever keeps the pipe open.
    if (codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** When `promise` is done, or after `ms`, whichever is first. */
async function within(ms: number, promise: Promise<void>): Promise<void> {
  await Promise.race([promise, sleep(ms, undefined, { ref: false })]);
}
