import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, toFault } from '../to-fault';
import { MARK } from './host-process';
import { startOf } from './process-table';
import { ProcessTree } from './process-tree';
import type { Sandbox } from './sandbox';

export interface ServerProgramsOptions {
  /** Absolute; each program has a folder of its own below, which is its home and its working directory. */
  readonly folder: string;
  /** What every program has in its environment, beside a home and what is its own. */
  readonly environment: Readonly<Record<string, string>>;
  /** What a program may write besides its own folder, absolute. */
  readonly writable: readonly string[];
  /** What shuts a program in, with that folder as its `/tmp`. Undefined: it can do what this user can. */
  openSandbox(temporary: string): Promise<Sandbox | undefined>;
}

/** A program that is started to be spoken to. */
export interface ServerProgramSpec {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  /** What it needs to see, absolute; of the person's files and this program's there is nothing else. */
  readonly readable: readonly string[];
}

/** How long a program that nobody speaks to any more has to end by itself, and once more when it is asked to. */
const END_GRACE_MS = 500;
const MAX_COMPLAINT_CHARACTERS = 2_000;
/** How long a program's last words may come behind the end of its output: another may hold their end open. */
const LAST_WORDS_MS = 250;

/**
 * Programs that are spoken to over standard input and output. They see nothing of this process's environment, nor of
 * the shell's home and temporary files; each ends with all it has started.
 */
export class ServerPrograms {
  readonly #options: ServerProgramsOptions;
  readonly #ends = new Set<() => Promise<void>>();

  constructor(options: ServerProgramsOptions) {
    this.#options = options;
  }

  /** A fault of the operating system's where it can't be executed. */
  async start({ name, argv, environment, readable }: ServerProgramSpec) {
    const { folder, writable, openSandbox } = this.#options;
    const own = join(folder, createHash('sha256').update(name).digest('hex').slice(0, 16));
    const home = join(own, 'home');
    await mkdir(home, { recursive: true });
    const sandbox = await openSandbox(join(own, 'tmp'));
    const place = { cwd: home, writable: [home, ...writable], readable };
    const [program, ...args] = sandbox === undefined ? argv : sandbox.enclose(argv, place);
    const id = randomUUID();
    const child = spawn(program, args, {
      cwd: home,
      env: { ...this.#options.environment, HOME: home, ...environment, [MARK]: id },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const { pid, stdin, stdout, stderr } = child;
    if (pid === undefined) throw toFault((await once(child, 'error'))[0], argv[0]);
    const tree = new ProcessTree({ pid, started: startOf(pid), mark: `${MARK}=${id}`, hasWarden: false });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    // From here on its number may be another's.
    const orphaned = exited.then(() => tree.orphan());
    // It may end, or close its input, without reading all of it.
    stdin.on('error', () => undefined);
    // What nobody listens for by the program's end, Node throws away.
    stdout.on('readable', () => undefined);
    let complaint = '';
    stderr.setEncoding('utf8');
    stderr.on('data', (more: string) => (complaint = (complaint + more).slice(-MAX_COMPLAINT_CHARACTERS)));

    let ended: Promise<void> | undefined;
    const end = (): Promise<void> => (ended ??= putAway());
    this.#ends.add(end);
    const putAway = async (): Promise<void> => {
      stdin.end();
      await Promise.race([orphaned, sleep(END_GRACE_MS, undefined, { ref: false })]);
      await tree.end(END_GRACE_MS);
      for (const stream of [stdin, stdout, stderr]) stream.destroy();
      this.#ends.delete(end);
    };
    return {
      output: outputOf(stdout, stderr),
      complaint: () => complaint,
      async write(text: string): Promise<void> {
        if (!stdin.write(text)) await Promise.race([once(stdin, 'drain'), exited]).catch(() => undefined);
      },
      end,
    };
  }

  /** Ends every program. */
  async close(): Promise<void> {
    await Promise.all([...this.#ends].map((end) => end()));
  }
}

/** What a program writes, to its end or ours; by then it is known what it complained of. */
async function* outputOf(stdout: Readable, stderr: Readable): AsyncGenerator<Uint8Array> {
  const complained = new Promise<void>((resolve) => stderr.once('close', resolve));
  try {
    yield* stdout as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
  await Promise.race([complained, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
}
