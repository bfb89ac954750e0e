import type { ByteRange, DirectoryEntry, FileBytes } from '@swe/domain';
import { MemoryWorkspace } from '../memory/memory-workspace';
import { openMemoryWorkspace } from '../memory/open-memory-workspace';
import { proveBites } from './run-contract';
import { workspaceContract } from './workspace.contract';

const broken = (workspace: MemoryWorkspace) => ({ subject: openMemoryWorkspace(workspace) });

/** Takes any path that leads out as leading to the files outside. */
function escaping(leadsOut: (path: string) => boolean) {
  return class extends MemoryWorkspace {
    override async write(path: string, bytes: Uint8Array): Promise<void> {
      if (!leadsOut(path)) return super.write(path, bytes);
      this.put(`/outside/${path.split('/').at(-1)}`, new TextDecoder().decode(bytes));
    }
  };
}

proveBites('workspace', workspaceContract, {
  'what was written is read back byte for byte': () =>
    broken(
      new (class extends MemoryWorkspace {
        override write(path: string, bytes: Uint8Array): Promise<void> {
          const text = new TextDecoder().decode(bytes);
          return super.write(path, new TextEncoder().encode('@'.replace('@', text)));
        }
      })(),
    ),
  'a range reads only that part, and tells the whole size': () =>
    broken(
      new (class extends MemoryWorkspace {
        override async read(path: string, range?: ByteRange): Promise<FileBytes> {
          const { bytes } = await super.read(path, range);
          return { bytes, totalBytes: bytes.length };
        }
      })(),
    ),
  "`write` replaces atomically, makes missing folders and keeps the file's mode": () =>
    broken(
      new (class extends MemoryWorkspace {
        override async write(path: string, bytes: Uint8Array): Promise<void> {
          await super.write(path, bytes.subarray(0, bytes.length / 2));
          await new Promise((resolve) => setImmediate(resolve));
          await super.write(path, bytes);
        }
      })(),
    ),
  '`list` names every entry once, sorted, without following links': () =>
    broken(
      new (class extends MemoryWorkspace {
        override async list(path: string): Promise<readonly DirectoryEntry[]> {
          const entries = await super.list(path);
          return entries.map((entry) => (entry.kind === 'link' ? { ...entry, kind: 'directory' } : entry));
        }
      })(),
    ),
  '`list` with a limit gives that many of the sorted entries, the first ones': () =>
    broken(
      new (class extends MemoryWorkspace {
        override async list(path: string, limit?: number): Promise<readonly DirectoryEntry[]> {
          return (await super.list(path)).slice(-(limit ?? Infinity));
        }
      })(),
    ),
  'a path that leaves the root by `..` is refused as `denied`': () =>
    broken(new (escaping((path) => path.includes('..')))()),
  'a path that leaves the root through a link is refused as `denied`, for reading and for writing': () =>
    broken(new (escaping((path) => path === 'dangling'))()),
  'a missing file is `missing`; a directory read as a file, or listed file, is `invalid`': () =>
    broken(
      new (class extends MemoryWorkspace {
        override async list(path: string): Promise<readonly DirectoryEntry[]> {
          return path === 'folder/file' ? [] : super.list(path);
        }
      })(),
    ),
  'reading more than 32 MB at once is `invalid`': () =>
    broken(
      new (class extends MemoryWorkspace {
        override async read(path: string, range?: ByteRange): Promise<FileBytes> {
          if (range !== undefined) return super.read(path, range);
          const { bytes: totalBytes } = await this.stat(path);
          return { bytes: new Uint8Array(totalBytes), totalBytes };
        }
      })(),
    ),
});
