import { Fault } from '@swe/domain';
import type { ByteRange, DirectoryEntry, FileBytes, FileStat, Workspace } from '@swe/domain';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { lstat, open, opendir, realpath, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Enclosure } from '../enclosure';
import { codeOf, toFault } from '../to-fault';

const MAX_READ_BYTES = 32 * 1024 * 1024;
const ENTRIES_AT_ONCE = 512;
/** Not blocking: opening a pipe that nobody writes to would wait for ever. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const OWNER_EXECUTES = 0o100;
const PERMISSIONS = 0o7777;

/** The workspace in the folder `root`, which must exist. */
export async function openFolderWorkspace(root: string): Promise<FolderWorkspace> {
  return new FolderWorkspace(await translated(root, () => realpath(root)));
}

/**
 * A workspace in a folder of this machine. Links are followed as long as they stay inside; `write` through one
 * replaces its target. `stat` and `list` tell a link as a link. Anything but a regular file is `invalid` to read
 * and to write.
 */
export class FolderWorkspace implements Workspace {
  readonly #enclosure: Enclosure;

  /** @param root absolute, with links resolved; `openFolderWorkspace` sees to that. */
  constructor(readonly root: string) {
    this.#enclosure = new Enclosure(root);
  }

  stat(path: string): Promise<FileStat> {
    return translated(path, async () => {
      const absolute = this.#enclosure.resolve(path);
      if (absolute === this.root) return toFileStat(await lstat(absolute));
      const parent = await this.#enclosure.locate(dirname(absolute));
      return this.#enclosure.enter(parent, async (directory) =>
        toFileStat(await lstat(join(directory, basename(absolute)))),
      );
    });
  }

  read(path: string, range?: ByteRange): Promise<FileBytes> {
    return translated(path, async () => {
      const real = await this.#locateFile(path);
      return this.#enclosure.enter(dirname(real), async (directory) => {
        await using file = await open(join(directory, basename(real)), READ);
        const stats = await file.stat();
        if (!stats.isFile()) throw new Fault('invalid', `${path}: not a regular file`);
        const { offset, length } = part(path, stats.size, range);
        return { bytes: await readFully(file, offset, length), totalBytes: stats.size };
      });
    });
  }

  write(path: string, bytes: Uint8Array): Promise<void> {
    return translated(path, async () => {
      const real = await this.#locateFile(path);
      const replace = async (directory: string): Promise<void> => {
        const target = join(directory, basename(real));
        const mode = await modeOfFile(target, path);
        const temporary = join(directory, `.${randomUUID()}.tmp`);
        try {
          await writeNew(temporary, bytes, mode);
          await rename(temporary, target);
        } catch (error) {
          await unlink(temporary).catch(() => undefined);
          throw error;
        }
      };
      await this.#enclosure.enter(dirname(real), replace, { make: true });
    });
  }

  list(path: string, limit = Infinity): Promise<readonly DirectoryEntry[]> {
    return translated(path, async () => {
      const real = await this.#enclosure.locate(path);
      return this.#enclosure.enter(real, (directory) => firstEntries(directory, limit));
    });
  }

  async #locateFile(path: string): Promise<string> {
    const real = await this.#enclosure.locate(path);
    if (real === this.root) throw new Fault('invalid', `${path}: is a directory`);
    return real;
  }
}

async function translated<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw toFault(error, path);
  }
}

function part(path: string, size: number, range: ByteRange = { offset: 0, length: size }): ByteRange {
  const { offset, length } = range;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new Fault('invalid', `${path}: not a range of bytes: ${offset}, ${length}`);
  }
  const there = Math.max(0, Math.min(length, size - offset));
  if (there > MAX_READ_BYTES) throw new Fault('invalid', `${path}: ${there} bytes are too many at once`);
  return { offset, length: there };
}

/** `length` bytes from `offset`, fewer when the file shrinks meanwhile. */
async function readFully(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** One by one, and never many more than `limit` at once: a folder can have hundreds of thousands. */
async function firstEntries(directory: string, limit: number): Promise<readonly DirectoryEntry[]> {
  let entries: DirectoryEntry[] = [];
  const keepFirst = (): DirectoryEntry[] =>
    entries.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, limit);
  for await (const entry of await opendir(directory, { bufferSize: ENTRIES_AT_ONCE })) {
    entries.push({ name: entry.name, kind: kindOf(entry) });
    if (entries.length >= 2 * limit) entries = keepFirst();
  }
  return keepFirst();
}

async function modeOfFile(target: string, path: string): Promise<number | undefined> {
  try {
    const stats = await lstat(target);
    if (!stats.isFile()) throw new Fault('invalid', `${path}: not a regular file`);
    return stats.mode & PERMISSIONS;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeNew(path: string, bytes: Uint8Array, mode: number | undefined): Promise<void> {
  await using file = await open(path, CREATE, 0o666);
  await file.writeFile(bytes);
  if (mode !== undefined) await file.chmod(mode);
  await file.sync();
}

function toFileStat(stats: Stats): FileStat {
  return { kind: kindOf(stats), bytes: stats.size, executable: (stats.mode & OWNER_EXECUTES) !== 0 };
}

function kindOf(entry: Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): FileStat['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'link' : 'other';
}
