import { Fault } from '@swe/domain';
import { constants } from 'node:fs';
import { mkdir, open, readlink, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { codeOf } from './to-fault';

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** A directory that paths cannot lead out of. `root` is absolute, with links resolved. */
export class Enclosure {
  constructor(readonly root: string) {}

  /** `path` made absolute, links untouched. `denied` when it leaves the root by `..` or as an absolute path. */
  resolve(path: string): string {
    const absolute = resolve(this.root, path);
    this.#assertInside(absolute, path);
    return absolute;
  }

  /**
   * Where `path` really is, every link resolved. Its end need not exist, nor must the target of a link: a dangling
   * link is followed too, since writing through it would make its target. `denied` when that is outside.
   */
  async locate(path: string): Promise<string> {
    const absolute = this.resolve(path);
    const real = await realpath(absolute).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT' || absolute === this.root) throw error;
      return this.#locateAbsent(absolute);
    });
    this.#assertInside(real, path);
    return real;
  }

  /**
   * Enters the directory at `real`, a located path, and hands `use` a path to it that holds until `use` is done.
   *
   * The way down opens one directory after the other and follows no link. On Linux `use` then works below the open
   * directory's descriptor, so a directory that is swapped for a link meanwhile leads nowhere; elsewhere the window
   * between locating and opening stays.
   */
  async enter<T>(
    real: string,
    use: (directory: string) => Promise<T>,
    options = { make: false },
  ): Promise<T> {
    let handle = await open(this.root, DIRECTORY);
    try {
      let below = this.root;
      for (const name of relative(this.root, real).split(sep).filter(Boolean)) {
        const next = join(anchor(handle, below), name);
        if (options.make) await mkdir(next).catch(ignoreExisting);
        const inner = await open(next, DIRECTORY);
        await handle.close();
        handle = inner;
        below = join(below, name);
      }
      return await use(anchor(handle, below));
    } finally {
      await handle.close();
    }
  }

  async #locateAbsent(absolute: string): Promise<string> {
    const parent = await this.locate(dirname(absolute));
    const path = join(parent, basename(absolute));
    const target = await readlink(path).catch(() => undefined);
    return target === undefined ? path : this.locate(resolve(parent, target));
  }

  #assertInside(absolute: string, path: string): void {
    if (absolute === this.root || absolute.startsWith(this.root.replace(/\/?$/, '/'))) return;
    throw new Fault('denied', `${path}: outside the workspace`);
  }
}

function anchor(handle: FileHandle, path: string): string {
  return process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path;
}

function ignoreExisting(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}
