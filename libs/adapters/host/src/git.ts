import { Fault } from '@swe/domain';
import { execa } from 'execa';
import type { Readable } from 'node:stream';

export interface GitCall {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  /** A path or a list of names in it is one byte per character: names need not be UTF-8. */
  readonly input?: string | Readable;
  readonly timeoutMs?: number;
  /** Of its output. */
  readonly maxBytes?: number;
}

export interface GitEnd {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly isTooMuch: boolean;
}

const DEFAULT_TIMEOUT_MS = 5 * 60_000;
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/**
 * What keeps git from reading settings of the machine or the person, from asking anybody, and from running what a
 * repository names: https://git-scm.com/docs/git#_environment_variables
 */
const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_PROTOCOL_FROM_USER: '0',
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
  LC_ALL: 'C',
};

/** Runs git by argument vector with nothing of this process's environment but what it was made with. */
export class Git {
  readonly #environment: Readonly<Record<string, string>>;

  constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = { ...environment, ...ENVIRONMENT };
  }

  /** Returns what git printed. Throws an `Error` with git's own words when it fails. */
  async run(args: readonly string[], call: GitCall): Promise<Buffer> {
    const { exitCode, stdout, stderr, isTooMuch } = await this.attempt(args, call);
    if (isTooMuch) throw new Fault('invalid', `git ${args[0]} printed more than ${call.maxBytes} bytes`);
    if (exitCode === 0) return stdout;
    throw new Error(`git ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  }

  /** Gives what git prints to `take`, piece by piece, so that memory holds no list of everything. Throws as `run`. */
  async stream(args: readonly string[], call: GitCall, take: (piece: Buffer) => void): Promise<void> {
    call.signal.throwIfAborted();
    const child = execa('git', args, { ...this.#options(call), buffer: { stdout: false } });
    for await (const piece of child.iterable({ binary: true })) take(bufferOf(piece));
    const { exitCode, stderr } = endOf(args, await child, call);
    if (exitCode !== 0) throw new Error(`git ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  }

  /** For commands whose failure is an answer. Throws `cancelled` on abort, `missing` where there is no git at all. */
  async attempt(args: readonly string[], call: GitCall): Promise<GitEnd> {
    call.signal.throwIfAborted();
    const result = await execa('git', args, this.#options(call));
    return { ...endOf(args, result, call), stdout: bufferOf(result.stdout), isTooMuch: result.isMaxBuffer };
  }

  #options({ cwd, signal, env, input, timeoutMs, maxBytes }: GitCall) {
    return {
      cwd,
      env: { ...this.#environment, ...env },
      extendEnv: false,
      reject: false,
      encoding: 'buffer',
      stripFinalNewline: false,
      cancelSignal: signal,
      timeout: timeoutMs ?? DEFAULT_TIMEOUT_MS,
      maxBuffer: maxBytes ?? DEFAULT_MAX_BYTES,
      ...(input === undefined
        ? { stdin: 'ignore' as const }
        : { input: typeof input === 'string' ? Buffer.from(input, 'latin1') : input }),
    } as const;
  }
}

interface ExecutedGit {
  readonly exitCode?: number | undefined;
  readonly code?: string | undefined;
  readonly stderr: Uint8Array;
  readonly isCanceled: boolean;
  readonly timedOut: boolean;
}

function endOf(
  [command]: readonly string[],
  result: ExecutedGit,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: GitCall,
): Pick<GitEnd, 'exitCode' | 'stderr'> {
  if (result.isCanceled) throw new Fault('cancelled', `git ${command} was stopped`, { cause: result });
  if (result.code === 'ENOENT')
    throw new Fault('missing', 'git was not found on the PATH', { cause: result });
  return {
    exitCode: result.exitCode ?? -1,
    stderr: result.timedOut ? `no end after ${timeoutMs} ms` : bufferOf(result.stderr).toString(),
  };
}

/** Takes pieces of a list that git ended with zero bytes, and gives its names to `take`, one character per byte. */
export function nameByName(take: (name: string) => void): (piece: Buffer) => void {
  let begun = '';
  return (piece) => {
    const names = (begun + piece.toString('latin1')).split('\0');
    begun = names.pop() ?? '';
    names.forEach(take);
  };
}

/** The names in a list that git ended with zero bytes each, one character per byte. */
export function namesIn(output: Buffer): string[] {
  return output.toString('latin1').split('\0').slice(0, -1);
}

export function linesIn(output: Buffer): string[] {
  return output.toString('latin1').split('\n').filter(Boolean);
}

/** A name of one character per byte, as people read it. */
export function readable(name: string): string {
  return Buffer.from(name, 'latin1').toString();
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
