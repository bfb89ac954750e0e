import { Fault } from '@swe/domain';
import { closeSync, constants, mkdirSync, openSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { codeOf } from './to-fault';

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * A directory that paths cannot lead out of. `root` is absolute, with links resolved. The way to a file is many calls of
 * a few microseconds: each would take longer to get to a thread and back, so they are made at once.
 */
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
    return this.#locate(path);
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
    let directory = openSync(this.root, DIRECTORY);
    try {
      let below = this.root;
      for (const name of relative(this.root, real).split(sep).filter(Boolean)) {
        const next = join(anchor(directory, below), name);
        if (options.make) makeUnlessThere(next);
        const inner = openSync(next, DIRECTORY);
        closeSync(directory);
        directory = inner;
        below = join(below, name);
      }
      return await use(anchor(directory, below));
    } finally {
      closeSync(directory);
    }
  }

  #locate(path: string): string {
    const absolute = this.resolve(path);
    const real = this.#real(absolute);
    this.#assertInside(real, path);
    return real;
  }

  #real(absolute: string): string {
    try {
      return realpathSync.native(absolute);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || absolute === this.root) throw error;
      const parent = this.#locate(dirname(absolute));
      const path = join(parent, basename(absolute));
      const target = targetOf(path);
      return target === undefined ? path : this.#locate(resolve(parent, target));
    }
  }

  #assertInside(absolute: string, path: string): void {
    if (absolute === this.root || absolute.startsWith(this.root.replace(/\/?$/, '/'))) return;
    throw new Fault('denied', `${path}: outside the workspace`);
  }
}

function anchor(directory: number, path: string): string {
  return process.platform === 'linux' ? `/proc/self/fd/${directory}` : path;
}

/** Undefined for what is no link. */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function makeUnlessThere(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
