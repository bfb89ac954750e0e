/** A program to be started as a tool server. */
export interface ServerProgram {
  /** Of the server. */
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  /** What its configuration names; secrets among it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly holdsSecrets: boolean;
  /** Folders that it needs to see, absolute. */
  readonly readable: readonly string[];
}

/** A tool server that runs. */
export interface RunningProgram {
  /** What it writes to its standard output, until it ends. */
  readonly output: AsyncIterable<Uint8Array>;
  /** The end of what it wrote to its standard error. */
  complaint(): string;
  /** To its standard input; resolves once that has taken it, and never rejects. */
  write(text: string): Promise<void>;
  /** Ends it, with everything it has started. */
  end(): Promise<void>;
}

/** Rejects where it can't be started. */
export type StartProgram = (program: ServerProgram) => Promise<RunningProgram>;
