import { Fault } from '@swe/domain';
import type { ByteRange, DirectoryEntry, FileBytes, FileStat, Workspace } from '@swe/domain';
import { posix } from 'node:path';

type Entry =
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly executable: boolean }
  | { readonly kind: 'directory' }
  | { readonly kind: 'link'; readonly target: string };

const DIRECTORY: Entry = { kind: 'directory' };
const MAX_READ_BYTES = 32 * 1024 * 1024;
const MAX_LINKS = 40;

/** A whole file tree in memory, with the workspace at `root` and room for others beside it. */
export class MemoryWorkspace implements Workspace {
  readonly #entries = new Map<string, Entry>([['/', DIRECTORY]]);

  constructor(readonly root = '/workspace') {
    this.#makeFolders(root);
  }

  async stat(path: string): Promise<FileStat> {
    const real = this.#locate(path, { followLast: false });
    const entry = this.#get(real, path);
    const bytes = entry.kind === 'file' ? entry.bytes.length : 0;
    return { kind: entry.kind, bytes, executable: entry.kind === 'file' && entry.executable };
  }

  async read(path: string, range?: ByteRange): Promise<FileBytes> {
    const entry = this.#get(this.#locate(path), path);
    if (entry.kind !== 'file') throw new Fault('invalid', `${path}: is a directory`);
    const totalBytes = entry.bytes.length;
    const { offset, length } = range ?? { offset: 0, length: totalBytes };
    const there = Math.max(0, Math.min(length, totalBytes - offset));
    if (offset < 0 || length < 0 || there > MAX_READ_BYTES) {
      throw new Fault('invalid', `${path}: not a range to read: ${offset}, ${length}`);
    }
    return { bytes: entry.bytes.slice(offset, offset + there), totalBytes };
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.#put(this.#locate(path), path, bytes);
  }

  async list(path: string, limit?: number): Promise<readonly DirectoryEntry[]> {
    const real = this.#locate(path);
    if (this.#get(real, path).kind !== 'directory') throw new Fault('invalid', `${path}: not a directory`);
    return [...this.#entries]
      .filter(([entryPath]) => entryPath !== '/' && posix.dirname(entryPath) === real)
      .map(([entryPath, { kind }]) => ({ name: posix.basename(entryPath), kind }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, limit);
  }

  /** Writes anywhere in the tree, as others on the machine can. */
  put(absolutePath: string, text: string): void {
    this.#put(absolutePath, absolutePath, new TextEncoder().encode(text));
  }

  link(path: string, target: string): void {
    this.#entries.set(posix.resolve(this.root, path), { kind: 'link', target });
  }

  makeExecutable(path: string): void {
    const real = this.#locate(path);
    const entry = this.#get(real, path);
    if (entry.kind === 'file') this.#entries.set(real, { ...entry, executable: true });
  }

  /** Every file below an absolute `folder`, by its path from there. */
  files(folder: string): Readonly<Record<string, string>> {
    const texts = [...this.#entries].flatMap(([path, entry]) =>
      entry.kind === 'file' && path.startsWith(`${folder}/`)
        ? [[path.slice(folder.length + 1), new TextDecoder().decode(entry.bytes)]]
        : [],
    );
    return Object.fromEntries(texts);
  }

  #put(real: string, path: string, bytes: Uint8Array): void {
    const before = this.#entries.get(real);
    if (before?.kind === 'directory') throw new Fault('invalid', `${path}: is a directory`);
    this.#makeFolders(posix.dirname(real));
    const executable = before?.kind === 'file' && before.executable;
    this.#entries.set(real, { kind: 'file', bytes: Uint8Array.from(bytes), executable });
  }

  #makeFolders(folder: string): void {
    for (let path = folder; !this.#entries.has(path); path = posix.dirname(path)) {
      this.#entries.set(path, DIRECTORY);
    }
  }

  #get(real: string, path: string): Entry {
    const entry = this.#entries.get(real);
    if (entry === undefined) throw new Fault('missing', `${path}: no such file or directory`);
    return entry;
  }

  /** Where `path` leads when its links are followed; its end need not exist. */
  #locate(path: string, { followLast } = { followLast: true }): string {
    const absolute = posix.resolve(this.root, path);
    this.#assertInside(absolute, path);
    let names = namesOf(absolute);
    let real = '/';
    for (let links = 0; names.length > 0;) {
      const next = posix.join(real, names[0]!);
      const entry = this.#entries.get(next);
      names = names.slice(1);
      if (entry?.kind === 'link' && (names.length > 0 || followLast)) {
        links += 1;
        if (links > MAX_LINKS) throw new Fault('invalid', `${path}: too many links`);
        names = [...namesOf(posix.resolve(real, entry.target)), ...names];
        real = '/';
      } else if (entry?.kind === 'file' && names.length > 0) {
        throw new Fault('invalid', `${path}: not a directory`);
      } else {
        real = next;
      }
    }
    this.#assertInside(real, path);
    return real;
  }

  #assertInside(absolute: string, path: string): void {
    if (absolute === this.root || absolute.startsWith(`${this.root}/`)) return;
    throw new Fault('denied', `${path}: outside the workspace`);
  }
}

function namesOf(absolute: string): readonly string[] {
  return absolute.split('/').filter(Boolean);
}
