import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { lstat, open, readlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { sep } from 'node:path';
import { codeOf } from '../to-fault';

/** What a name stood for. `content` of a link is its target. */
export type Reading =
  | {
      readonly kind: 'file' | 'link';
      readonly content: Buffer;
      readonly executable: boolean;
      /** It changed while it was read, also the second time. */
      readonly unsteady: boolean;
    }
  | { readonly kind: 'too-large' | 'unsupported' | 'gone' };

export interface ReadLimits {
  /** Absolute, links resolved: what is opened outside it is taken as gone. */
  readonly root: string;
  readonly maxFileBytes: number;
  /** Sees the bytes before the file is looked at again: a test's moment to change it. */
  readonly onRead?: (content: Buffer) => void;
}

/** Not blocking: opening a pipe that nobody writes to would wait for ever. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const OWNER_EXECUTES = 0o100n;
/** Gone, replaced by something else, or not ours to read: a snapshot goes on without it. */
const GONE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/**
 * Reads what is at `path` while others may be writing to it. A file that changed meanwhile is read once more, then
 * taken as it was; one that vanishes is gone. `path` is absolute, with one character per byte.
 */
export async function readSteadily(path: string, limits: ReadLimits): Promise<Reading> {
  const first = await readOnce(path, limits);
  if (first.kind !== 'file' || !first.unsteady) return first;
  return readOnce(path, limits);
}

/** Of what is at `path` at the moment: zero for what is gone, or can't be looked at. */
export async function sizeOf(path: string): Promise<number> {
  return lstat(Buffer.from(path, 'latin1')).then(
    ({ size }) => size,
    () => 0,
  );
}

async function readOnce(path: string, limits: ReadLimits): Promise<Reading> {
  const name = Buffer.from(path, 'latin1');
  try {
    const stats = await lstat(name);
    if (stats.isSymbolicLink()) {
      const content = await readlink(name, { encoding: 'buffer' });
      return { kind: 'link', content, executable: false, unsteady: false };
    }
    if (stats.isDirectory()) return { kind: 'gone' };
    if (!stats.isFile()) return { kind: 'unsupported' };
    if (stats.size > limits.maxFileBytes) return { kind: 'too-large' };
    await using file = await open(name, READ);
    return (await isInside(file, limits.root)) ? await readFile(file, limits) : { kind: 'gone' };
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (GONE.has(code)) return { kind: 'gone' };
    if (code === 'EACCES' || code === 'EPERM') return { kind: 'unsupported' };
    throw error;
  }
}

async function readFile(file: FileHandle, { maxFileBytes, onRead }: ReadLimits): Promise<Reading> {
  const before = await file.stat({ bigint: true });
  if (!before.isFile()) return { kind: 'unsupported' };
  if (before.size > maxFileBytes) return { kind: 'too-large' };
  const content = await readUpTo(file, Number(before.size));
  onRead?.(content);
  const after = await file.stat({ bigint: true });
  return {
    kind: 'file',
    content,
    executable: (before.mode & OWNER_EXECUTES) !== 0n,
    unsteady: content.length !== Number(before.size) || isChanged(before, after),
  };
}

function isChanged(before: BigIntStats, after: BigIntStats): boolean {
  return before.size !== after.size || before.mtimeNs !== after.mtimeNs || before.ctimeNs !== after.ctimeNs;
}

/** `length` bytes, fewer when the file shrinks meanwhile. Never more: a log may grow faster than it is read. */
async function readUpTo(file: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Whether a folder on the way was not swapped for a link out of the root. Elsewhere than on Linux nobody can tell. */
async function isInside(file: FileHandle, root: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const real = await readlink(`/proc/self/fd/${file.fd}`, { encoding: 'latin1' });
  return real.startsWith(Buffer.from(root + sep).toString('latin1'));
}
