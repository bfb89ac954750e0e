/** What to run: a program with its arguments, passed as they are, or a script for bash. */
export type Command = { readonly argv: readonly [string, ...string[]] } | { readonly script: string };

export interface ProcessSpec {
  readonly command: Command;
  /** Relative to the workspace's root, or absolute below it. */
  readonly cwd: string;
  /** Added to the scrubbed environment that the adapter was made with. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export interface RunSpec extends ProcessSpec {
  readonly timeoutMs: number;
  /** How much of the output's head and tail the result carries, together. */
  readonly previewBytes: number;
  /** What the spool's file is called, `.log` behind it, so that a successor finds it; a name of its own for each run. */
  readonly spoolName?: string;
}

/** Standard output and error, in the order in which they were written. Bytes that are not UTF-8 read as U+FFFD. */
export interface OutputPreview {
  readonly head: string;
  /** Empty when `head` is the whole output. */
  readonly tail: string;
  /** Bytes between `head` and `tail`. */
  readonly omittedBytes: number;
  readonly totalBytes: number;
  /**
   * The file with the raw bytes, relative to the workspace's root; it stops growing at the adapter's limit. Gone
   * already when nothing was omitted and all of it is valid UTF-8.
   */
  readonly spoolPath: string;
  /** Bytes in that file. */
  readonly spooledBytes: number;
}

export interface RunResult {
  readonly end: 'exited' | 'timed-out' | 'cancelled';
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly output: OutputPreview;
  /** Where a script ended; for programs, and scripts that did not get to say, the directory they started in. */
  readonly cwd: string;
  /** Processes it had left running, ended with it. */
  readonly leftovers: number;
  readonly durationMs: number;
}

export interface ProcessState {
  readonly running: boolean;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A part of a background process's output: `text` covers the bytes from the asked offset to `nextOffset`. */
export interface OutputChunk {
  readonly text: string;
  readonly nextOffset: number;
  readonly state: ProcessState;
}

/**
 * Real processes in the workspace, each in a process group of its own.
 *
 * - a program's arguments arrive unchanged, whatever characters they hold
 * - the exit code and the signal are told apart
 * - output of 1 GB costs bounded memory; head and tail stay, the spool holds the rest up to its limit
 * - binary output and invalid UTF-8 survive in the spool
 * - a named spool is in the spool directory under its name
 * - a script's last working directory is reported
 * - nothing of the parent's environment is seen but what the adapter was given
 * - a timeout ends the whole process tree, grandchildren included
 * - an abort ends the whole process tree, grandchildren included, within two seconds
 * - what a finished command left running is ended and counted
 * - a program that does not exist is `missing`; a working directory outside the root is `denied`
 * - a started process's later output is read from an offset
 * - a started process takes input
 * - `kill` ends a started process and its tree; killing it again is harmless
 * - an unknown process is `missing`
 */
export interface Processes {
  /** Where spools are, relative to the workspace's root. */
  readonly spoolDirectory: string;
  run(spec: RunSpec, signal: AbortSignal): Promise<RunResult>;
  /** Starts it in the background; the id is good until `kill` or the end of this adapter. */
  start(spec: ProcessSpec): Promise<string>;
  output(id: string, offset: number, maxBytes: number): Promise<OutputChunk>;
  input(id: string, text: string): Promise<void>;
  kill(id: string): Promise<void>;
}
