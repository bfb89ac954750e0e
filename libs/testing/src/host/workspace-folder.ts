import type { Workspace } from '@swe/domain';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder with `workspace` in it, and `outside`, which holds the file `secret`. */
export async function makeFolders(secret: string): Promise<string> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'workspace-')));
  for (const folder of ['workspace', 'outside']) await mkdir(join(base, folder));
  await writeFile(join(base, 'outside/secret'), secret);
  return base;
}

/** What the contract asks of a workspace in such a folder. */
export function workspaceSubject<Opened extends Workspace>(base: string, workspace: Opened) {
  const outside = join(base, 'outside');
  return {
    workspace,
    outside,
    link: (path: string, target: string) => symlink(target, join(workspace.root, path)),
    makeExecutable: (path: string) => chmod(join(workspace.root, path), 0o755),
    filesOutside: async () => {
      const names = await readdir(outside);
      return Object.fromEntries(
        await Promise.all(names.map(async (name) => [name, await readFile(join(outside, name), 'utf8')])),
      );
    },
  };
}
