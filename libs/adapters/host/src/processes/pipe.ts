import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toFault } from '../to-fault';

const execute = promisify(execFile);

/** How many FIFOs are made at once. */
const BATCH = 16;

/** The descriptors of a pipe's two ends. Whoever opens it closes them. */
export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

export interface PipesOptions {
  /** A directory that only this user can write to: what is made there is gone after `close`. */
  readonly directory: string;
  /** Where to look for `mkfifo`, as a `PATH`. */
  readonly searchPath: string;
}

/**
 * Real pipes, opened through FIFOs that are gone afterwards. Node's own `stdio: 'pipe'` is a socket pair: it has no
 * end that two streams of a child can share, and on Linux `echo >/dev/stderr` fails on it with ENXIO. FIFOs are made
 * in stock, since `mkfifo` is a process of its own, which takes as long as a short command does.
 */
export class Pipes {
  readonly #options: PipesOptions;
  #stock: string[] = [];
  #folder: string | undefined;
  #making: Promise<void> | undefined;

  constructor(options: PipesOptions) {
    this.#options = options;
  }

  /** Throws a fault that names `mkfifo` where there is none. */
  async open(): Promise<Pipe> {
    for (let isRefilled = false; ; isRefilled = true) {
      const path = this.#stock.pop();
      try {
        if (path !== undefined) return openEnds(path);
      } catch (error) {
        // Somebody tidied up, or not even a new one can be opened.
        if (isRefilled) throw toFault(error, path ?? '');
        this.#stock = [];
      }
      await this.#refill();
    }
  }

  /** Deletes the stock; one is made again when it is needed. */
  async close(): Promise<void> {
    await this.#making?.catch(() => undefined);
    await this.#empty();
  }

  #refill(): Promise<void> {
    this.#making ??= this.#make().finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  async #make(): Promise<void> {
    const { directory, searchPath } = this.#options;
    await this.#empty();
    const folder = await mkdtemp(join(directory, 'swe-pipes-'));
    this.#folder = folder;
    const paths = Array.from({ length: BATCH }, (_, i) => join(folder, String(i)));
    try {
      await execute('mkfifo', ['-m', '600', ...paths], { env: { PATH: searchPath } });
    } catch (error) {
      throw toFault(error, 'mkfifo');
    }
    this.#stock = paths;
  }

  async #empty(): Promise<void> {
    const folder = this.#folder;
    this.#stock = [];
    this.#folder = undefined;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

function openEnds(path: string): Pipe {
  // Each end waits for the other to be opened, unless somebody holds both.
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    return { readEnd: openSync(path, constants.O_RDONLY), writeEnd: openSync(path, constants.O_WRONLY) };
  } finally {
    closeSync(both);
    unlinkSync(path);
  }
}
