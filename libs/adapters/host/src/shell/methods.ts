import type {
  ByteRange,
  Command,
  DirectoryEntry,
  FileStat,
  LeftOut,
  OutputChunk,
  OutputPreview,
  ProcessSpec,
  Restored,
  RunResult,
  RunSpec,
  Snapshot,
  WorkingCopy,
} from '@swe/domain';
import { z } from 'zod';
import { PIECE_BYTES } from './frames';
import type {
  Confinement,
  ShellOptions,
  ShellProcessesOptions,
  ShellProgramsOptions,
  ShellSnapshotsOptions,
  SpokenProgramSpec,
} from './shell';

const MIB = 1024 * 1024;

interface Method<Input, Output> {
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** Of the bytes with its answer. */
  readonly maxBytes: number;
}

function method<Input, Output>(
  input: z.ZodType<Input>,
  output: z.ZodType<Output>,
  maxBytes = 0,
): Method<Input, Output> {
  return { input, output, maxBytes };
}

const number = z.number();
const text = z.string();
/** Of a path, a number, a name: what is longer is none. */
const short = text.max(8 * 1024);
const texts = z.array(text).readonly();
const environment = z.record(text, text).readonly();
const none = z.object({});
const kind: z.ZodType<FileStat['kind']> = z.enum(['file', 'directory', 'link', 'other']);
const exitCode = number.nullable();
const signal = short.nullable();

const shellOptions: z.ZodType<ShellOptions> = z.object({
  folder: text,
  path: text,
  programs: texts,
  hidden: texts,
  readable: texts,
});
const confinement: z.ZodType<Confinement> = z.union([
  z.object({ sandbox: short }),
  z.object({ bare: short }),
]);

/** Which of the processes, snapshots, or programs that were opened: the caller's numbers. */
const handle = z.int();
const processesOptions: z.ZodType<ShellProcessesOptions & { readonly handle: number }> = z.object({
  handle,
  environment,
  writable: texts,
  maxSpoolBytes: number.exactOptional(),
});
const snapshotsOptions: z.ZodType<
  Omit<ShellSnapshotsOptions, 'holdsCredential'> & { readonly handle: number }
> = z.object({
  handle,
  environment,
  fetchesFrom: z.object({ folders: texts, origins: texts }),
  maxBytes: number.exactOptional(),
  maxFileBytes: number.exactOptional(),
});

const fileStat: z.ZodType<FileStat> = z.object({ kind, bytes: number, executable: z.boolean() });
const range: z.ZodType<ByteRange> = z.object({ offset: number, length: number });
const directoryEntry: z.ZodType<DirectoryEntry> = z.object({ name: short, kind });

const command: z.ZodType<Command> = z.union([
  z.object({ argv: z.tuple([text], text).readonly() }),
  z.object({ script: text }),
]);
const process = {
  command,
  cwd: text,
  env: environment.exactOptional(),
  stdin: text.exactOptional(),
};
const processSpec: z.ZodType<ProcessSpec> = z.object(process);
const runSpec: z.ZodType<RunSpec> = z.object({
  ...process,
  timeoutMs: number,
  previewBytes: number,
  spoolName: text.exactOptional(),
});
const outputPreview: z.ZodType<OutputPreview> = z.object({
  head: text,
  tail: text,
  omittedBytes: number,
  totalBytes: number,
  spoolPath: short,
  spooledBytes: number,
});
const runResult: z.ZodType<RunResult> = z.object({
  end: z.enum(['exited', 'timed-out', 'cancelled']),
  exitCode,
  signal,
  output: outputPreview,
  cwd: short,
  leftovers: number,
  durationMs: number,
});
const outputChunk: z.ZodType<OutputChunk> = z.object({
  text,
  nextOffset: number,
  state: z.object({ running: z.boolean(), exitCode, signal }),
});

const programsOptions: z.ZodType<ShellProgramsOptions & { readonly handle: number }> = z.object({
  handle,
  environment,
});
/** Which of the programs that were started: the caller's numbers, too. */
const program = z.int();
const programSpec: z.ZodType<SpokenProgramSpec> = z.object({
  name: text,
  argv: z.tuple([text], text).readonly(),
  environment,
  readable: texts,
});

const workingCopy: z.ZodType<WorkingCopy> = z.object({ directory: text, unsupported: text.exactOptional() });
const leftOut: z.ZodType<LeftOut> = z.object({
  path: text,
  why: z.enum(['credential', 'too-large', 'unsupported']),
});
const snapshot: z.ZodType<Omit<Snapshot, 'bytes'>> = z.object({
  fingerprint: text,
  source: text.exactOptional(),
  leftOut: z.array(leftOut),
  unsteady: texts,
});
const restored: z.ZodType<Restored> = z.object({ lost: texts });

/** Of what a program writes, at once. */
export const MAX_OUTPUT_BYTES = PIECE_BYTES;

/**
 * What a shell is asked for over a connection, and what it answers; files, snapshots, objects, and what is said to a
 * program and by it, are the bytes with it.
 */
export const METHODS = {
  'shell.open': method(shellOptions, z.object({ root: short, home: short, confinement })),
  'shell.close': method(none, none),
  'workspace.stat': method(z.object({ path: text }), fileStat),
  'workspace.read': method(
    z.object({ path: text, range: range.exactOptional() }),
    z.object({ totalBytes: number }),
    32 * MIB,
  ),
  'workspace.write': method(z.object({ path: text }), none),
  'workspace.list': method(
    z.object({ path: text, limit: number.exactOptional() }),
    z.array(directoryEntry).readonly(),
  ),
  'processes.open': method(processesOptions, z.object({ spoolDirectory: short })),
  'processes.run': method(z.object({ handle, spec: runSpec }), runResult),
  'processes.start': method(z.object({ handle, spec: processSpec }), short),
  'processes.output': method(z.object({ handle, id: text, offset: number, maxBytes: number }), outputChunk),
  'processes.input': method(z.object({ handle, id: text, text }), none),
  'processes.kill': method(z.object({ handle, id: text }), none),
  'snapshots.open': method(snapshotsOptions, none),
  'snapshots.isCurrent': method(z.object({ handle }), z.boolean()),
  'snapshots.declareCurrent': method(z.object({ handle }), none),
  'snapshots.workingCopies': method(z.object({ handle }), z.array(workingCopy).readonly()),
  'snapshots.take': method(
    z.object({ handle, directory: text, since: text.exactOptional() }),
    snapshot.nullable(),
    // A pack as large as a snapshot's limit, and what is said of its files.
    320 * MIB,
  ),
  'snapshots.restore': method(z.object({ handle, directory: text, source: text.exactOptional() }), restored),
  'programs.open': method(programsOptions, none),
  'programs.start': method(z.object({ handle, program, spec: programSpec }), none),
  'programs.read': method(
    z.object({ program }),
    z.object({ isEnded: z.boolean(), complaint: text }),
    MAX_OUTPUT_BYTES,
  ),
  'programs.write': method(z.object({ program }), none),
  'programs.end': method(z.object({ program }), none),
  'git-objects.read': method(
    z.object({ id: text, type: z.enum(['commit', 'tree', 'blob']) }),
    z.object({ isFound: z.boolean() }),
    16 * MIB,
  ),
  'git-objects.forkPoints': method(z.object({ commit: text, branch: text }), texts),
};

/** What a shell asks back: whether the bytes with it hold a credential. It is never told one. */
export const EXAMINE = {
  name: 'snapshots.holdsCredential',
  ...method(z.object({ handle, path: text }), z.boolean()),
  /** Of the bytes with a question. */
  maxCallBytes: MIB,
  /** How much of a large file is in two questions: no credential is longer. */
  overlapBytes: 64 * 1024,
};

export type MethodName = keyof typeof METHODS;
export type InputOf<Name extends MethodName> = z.output<(typeof METHODS)[Name]['input']>;
export type OutputOf<Name extends MethodName> = z.output<(typeof METHODS)[Name]['output']>;
