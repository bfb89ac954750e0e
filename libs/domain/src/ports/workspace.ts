export interface FileStat {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly bytes: number;
  /** Whether the owner may execute it. */
  readonly executable: boolean;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileStat['kind'];
}

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export interface FileBytes {
  readonly bytes: Uint8Array;
  /** Of the whole file. */
  readonly totalBytes: number;
}

/**
 * The folder a session works in. Paths are relative to `root`, or absolute below it.
 *
 * - what was written is read back byte for byte
 * - a range reads only that part, and tells the whole size
 * - `write` replaces atomically, makes missing folders and keeps the file's mode
 * - `list` names every entry once, sorted, without following links
 * - `list` with a limit gives that many of the sorted entries, the first ones
 * - a path that leaves the root by `..` is refused as `denied`
 * - a path that leaves the root through a link is refused as `denied`, for reading and for writing
 * - a missing file is `missing`; a directory read as a file, or listed file, is `invalid`
 * - reading more than 32 MB at once is `invalid`
 */
export interface Workspace {
  /** Absolute, with links resolved: what a shell in it prints for `pwd -P`. */
  readonly root: string;
  stat(path: string): Promise<FileStat>;
  read(path: string, range?: ByteRange): Promise<FileBytes>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** All entries unless there is a `limit`; with one a folder of any size costs no more memory than that. */
  list(path: string, limit?: number): Promise<readonly DirectoryEntry[]>;
}
