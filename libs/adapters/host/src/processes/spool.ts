import { constants, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Enclosure } from '../enclosure';

const CREATE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** The file with a process's raw output. It takes `limitBytes` and drops the rest. */
export class Spool {
  #bytes = 0;
  #full = false;

  private constructor(
    /** Relative to the workspace's root. */
    readonly path: string,
    readonly limitBytes: number,
    private readonly file: FileHandle,
    private readonly remove: () => Promise<void>,
  ) {}

  /** Makes `directory`, relative to the root, and a new file in it. */
  static async create(root: Enclosure, directory: string, name: string, limitBytes: number): Promise<Spool> {
    const real = await root.locate(directory);
    const file = await root.enter(real, (here) => open(join(here, name), CREATE, 0o600), { make: true });
    const remove = (): Promise<void> => root.enter(real, async (here) => unlinkSync(join(here, name)));
    return new Spool(join(directory, name), limitBytes, file, remove);
  }

  get bytes(): number {
    return this.#bytes;
  }

  async append(chunk: Buffer): Promise<void> {
    if (this.#full) return;
    const part = chunk.subarray(0, this.limitBytes - this.#bytes);
    try {
      await this.file.writeFile(part);
      this.#bytes += part.length;
    } catch {
      // A full disk must not cost the command its result: the spool ends here, as at its limit.
      this.#full = true;
    }
    if (part.length < chunk.length) this.#full = true;
  }

  /** What it holds from `offset`, at most `length` bytes. */
  async read(offset: number, length: number): Promise<Buffer> {
    const there = Math.max(0, Math.min(length, this.#bytes - offset));
    const { bytesRead, buffer } = await this.file.read(Buffer.alloc(there), 0, there, offset);
    return buffer.subarray(0, bytesRead);
  }

  /** Deletes the file, unless something else is in its place by now; what it held is forgotten. */
  async discard(): Promise<void> {
    this.#bytes = 0;
    // The process may have moved the folder away, or deleted the file itself.
    await this.remove().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}
