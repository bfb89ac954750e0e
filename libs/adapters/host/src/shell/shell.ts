import type { Processes, Snapshots, Workspace } from '@swe/domain';

/** Where a session works, and what its commands get to see of the machine. */
export interface ShellOptions {
  /** Everything of the session's lies below it: absolute, made where it is missing. */
  readonly folder: string;
  /** Where bwrap, git and the programs of commands are looked for. */
  readonly path: string;
  /** Programs that are executed by their absolute path. */
  readonly programs: readonly string[];
  /** Folders that no command sees. */
  readonly hidden: readonly string[];
  /** What may be read, although hidden otherwise. */
  readonly readable: readonly string[];
}

export interface ShellProcessesOptions {
  /** The whole environment of every process. */
  readonly environment: Readonly<Record<string, string>>;
  /** What they may write, besides the workspace and the session's home. */
  readonly writable: readonly string[];
  readonly maxSpoolBytes?: number;
}

export interface ShellSnapshotsOptions {
  /** What git sees beside our own settings; needs `PATH`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Which remotes that a repository names may be spoken to. */
  readonly fetchesFrom: { readonly folders: readonly string[]; readonly origins: readonly string[] };
  /** Asked of every file before it is taken; of a large one it may be asked piece by piece. */
  readonly holdsCredential: (path: string, content: Uint8Array) => boolean | Promise<boolean>;
  readonly maxBytes?: number;
  readonly maxFileBytes?: number;
}

export interface ShellProgramsOptions {
  /** What every program has in its environment, beside a home and what is its own. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A program that is started to be spoken to. */
export interface SpokenProgramSpec {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  /** What it needs to see, absolute; of the person's files and this program's there is nothing else. */
  readonly readable: readonly string[];
}

export interface SpokenProgram {
  /** What it writes to standard output, to its end; nothing is read ahead of whoever reads this. */
  readonly output: AsyncIterable<Uint8Array>;
  /** The last it wrote to standard error; all of that is known once the output has ended. */
  complaint(): string;
  /** Done once the program has taken it, or has ended. */
  write(text: string): Promise<void>;
  /** Ends it with all that it has started. */
  end(): Promise<void>;
}

/** Programs that are spoken to over standard input and output. */
export interface SpokenPrograms {
  readonly start: (spec: SpokenProgramSpec) => Promise<SpokenProgram>;
}

export type ShellObjectType = 'commit' | 'tree' | 'blob';

/** The objects of the working copies, which the git proxy asks for before a push. */
export interface ShellObjects {
  /** An object's content; undefined where there is none. */
  read(id: string, type: ShellObjectType, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Commits that `commit` and the branch of that name may have in common. */
  forkPoints(commit: string, branch: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** Whether commands are shut in: by what, with its version, or why not. */
export type Confinement = { readonly sandbox: string } | { readonly bare: string };

/** All that touches a session's workspace, and acts as one user of the machine: files, commands, git. */
export interface Shell extends AsyncDisposable {
  readonly workspace: Workspace;
  /** What commands are to find as `HOME`. */
  readonly home: string;
  readonly gitObjects: ShellObjects;
  readonly confinement: Confinement;
  openProcesses(options: ShellProcessesOptions): Promise<Processes>;
  openSnapshots(options: ShellSnapshotsOptions): Promise<Snapshots>;
  /** They end with the shell. */
  openPrograms(options: ShellProgramsOptions): Promise<SpokenPrograms>;
}
