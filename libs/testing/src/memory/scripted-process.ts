import type { OutputPreview, ProcessState } from '@swe/domain';
import { isUtf8 } from 'node:buffer';
import { posix } from 'node:path';

/** How a scripted program ends: its exit code, or the signal that ended it. */
export type ScriptedEnd = number | `SIG${string}`;

/** What a scripted program sees and can do. */
export interface ScriptedCall {
  /** What follows the program's name; empty for a script. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  print(output: string | Uint8Array): void;
  /** The next line of input, without its end; undefined when there is no more. */
  readLine(): Promise<string | undefined>;
  /** Makes `path`, relative to where it is, the directory in which a script ends. */
  moveTo(path: string): void;
  /** Starts a child that lives until it is ended; its pid. */
  fork(): number;
  /** Never resolves: for a program that runs until it is ended. */
  hang(): Promise<never>;
}

export type ScriptedProgram = (call: ScriptedCall) => ScriptedEnd | Promise<ScriptedEnd>;

export interface ScriptedProcessOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin: string | undefined;
  readonly maxSpoolBytes: number;
  /** The pids of all children, of this process and of others. */
  readonly pids: Pids;
}

/** Makes pids and knows who lives. */
export class Pids {
  readonly #alive = new Set<number>();
  #last = 1_000;

  add(): number {
    this.#last += 1;
    this.#alive.add(this.#last);
    return this.#last;
  }

  has(pid: number): boolean {
    return this.#alive.has(pid);
  }

  /** Whether it still lived. */
  end(pid: number): boolean {
    return this.#alive.delete(pid);
  }
}

/** One run of a scripted program: its output, its input and its children. */
export class ScriptedProcess implements ScriptedCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly finished: Promise<void>;
  cwd: string;
  state: ProcessState = { running: true, exitCode: null, signal: null };
  readonly #pids: Pids;
  readonly #children: number[] = [];
  readonly #maxSpoolBytes: number;
  #spool = Buffer.alloc(0);
  #tail = Buffer.alloc(0);
  #totalBytes = 0;
  #input: string;
  #onInput: () => void = () => undefined;
  #finish: () => void = () => undefined;

  constructor(options: ScriptedProcessOptions) {
    this.args = options.args;
    this.env = options.env;
    this.cwd = options.cwd;
    this.#pids = options.pids;
    this.#maxSpoolBytes = options.maxSpoolBytes;
    this.#input = options.stdin ?? '';
    this.finished = new Promise((resolve) => (this.#finish = resolve));
  }

  /** Lets `program` run; whatever it does after its end changes nothing any more. */
  async execute(program: ScriptedProgram): Promise<void> {
    const end = await program(this);
    if (!this.state.running) return;
    const exited = typeof end === 'number';
    this.state = { running: false, exitCode: exited ? end : null, signal: exited ? null : end };
    this.#finish();
  }

  print(output: string | Uint8Array): void {
    if (!this.state.running) return;
    const bytes = typeof output === 'string' ? Buffer.from(output) : output;
    const limit = this.#maxSpoolBytes;
    this.#totalBytes += bytes.length;
    this.#spool = Buffer.concat([this.#spool, bytes.subarray(0, limit - this.#spool.length)]);
    const last = bytes.subarray(Math.max(0, bytes.length - limit));
    this.#tail = Buffer.from(Buffer.concat([this.#tail, last]).subarray(-limit));
  }

  async readLine(): Promise<string | undefined> {
    while (!this.#input.includes('\n')) {
      await new Promise<void>((resolve) => (this.#onInput = resolve));
    }
    const [line, ...rest] = this.#input.split('\n');
    this.#input = rest.join('\n');
    return line;
  }

  moveTo(path: string): void {
    this.cwd = posix.resolve(this.cwd, path);
  }

  fork(): number {
    const pid = this.#pids.add();
    this.#children.push(pid);
    return pid;
  }

  hang(): Promise<never> {
    return new Promise(() => undefined);
  }

  /** Takes more input. */
  feed(text: string): void {
    this.#input += text;
    this.#onInput();
  }

  /** Ends it and its children; how many children still lived. */
  end(): number {
    const leftovers = this.#children.filter((pid) => this.#pids.end(pid)).length;
    if (this.state.running) this.state = { running: false, exitCode: null, signal: 'SIGTERM' };
    this.#finish();
    return leftovers;
  }

  get spool(): Buffer {
    return this.#spool;
  }

  /** Cut at bytes: what doubles print is short, or one byte to a character. */
  preview(limitBytes: number): Omit<OutputPreview, 'spoolPath'> {
    const totalBytes = this.#totalBytes;
    if (totalBytes <= limitBytes) {
      const spooledBytes = isUtf8(this.#spool) ? 0 : this.#spool.length;
      return { head: this.#spool.toString(), tail: '', omittedBytes: 0, totalBytes, spooledBytes };
    }
    const spooledBytes = this.#spool.length;
    const half = Math.floor(limitBytes / 2);
    const head = this.#spool.toString('utf8', 0, half);
    const tail = this.#tail.toString('utf8', this.#tail.length - half);
    return { head, tail, omittedBytes: totalBytes - 2 * half, totalBytes, spooledBytes };
  }
}
