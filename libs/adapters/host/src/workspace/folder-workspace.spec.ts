import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runContract, SECRET, workspaceContract } from '@swe/testing/contracts';
import { makeFolders, workspaceSubject } from '@swe/testing/host';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { openFolderWorkspace } from './folder-workspace';
import type { FolderWorkspace } from './folder-workspace';

async function openSubject() {
  const base = await makeFolders(SECRET);
  const workspace = await openFolderWorkspace(join(base, 'workspace'));
  return { subject: workspaceSubject(base, workspace), close: () => rm(base, { recursive: true }) };
}

runContract('FolderWorkspace', workspaceContract, openSubject);

describe('FolderWorkspace on a file system', () => {
  let opened: Awaited<ReturnType<typeof openSubject>>;
  let workspace: FolderWorkspace;
  beforeEach(async () => {
    opened = await openSubject();
    workspace = opened.subject.workspace;
  });
  afterEach(() => opened.close());

  it('resolves the links of its root', async () => {
    await symlink(workspace.root, join(opened.subject.outside, 'alias'));
    const alias = await openFolderWorkspace(join(opened.subject.outside, 'alias'));
    expect(alias.root).toBe(workspace.root);
  });

  it('refuses a root that does not exist as missing', async () => {
    await expect(openFolderWorkspace(join(workspace.root, 'nowhere'))).rejects.toMatchObject({
      kind: 'missing',
    });
  });

  it('refuses a pipe at once instead of waiting for its other end', async () => {
    execFileSync('mkfifo', [join(workspace.root, 'pipe')]);
    await expect(workspace.read('pipe')).rejects.toMatchObject({ kind: 'invalid' });
    await expect(workspace.write('pipe', new Uint8Array(1))).rejects.toMatchObject({ kind: 'invalid' });
    expect(await workspace.stat('pipe')).toMatchObject({ kind: 'other' });
  });

  it('refuses a circle of links and a name with a zero byte as invalid', async () => {
    await symlink('b', join(workspace.root, 'a'));
    await symlink('a', join(workspace.root, 'b'));
    await expect(workspace.read('a')).rejects.toMatchObject({ kind: 'invalid' });
    await expect(workspace.write('a', new Uint8Array(1))).rejects.toMatchObject({ kind: 'invalid' });
    await expect(workspace.read('a\0b')).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('keeps every bit of the mode, also of a file that nobody may write', async () => {
    await workspace.write('tool', new Uint8Array(1));
    await chmod(join(workspace.root, 'tool'), 0o4551);
    await workspace.write('tool', new Uint8Array(2));
    expect((await stat(join(workspace.root, 'tool'))).mode & 0o7777).toBe(0o4551);
  });

  it('leaves no temporary file behind when the write fails', async () => {
    const write = workspace.write('file', { length: 1 } as Uint8Array);
    await expect(write).rejects.toThrow();
    expect(await readdir(workspace.root)).toEqual([]);
  });

  it('never leaves while a folder is swapped for a link under it', async () => {
    const folder = join(workspace.root, 'folder');
    await mkdir(folder);
    let swapping = true;
    const swaps = (async () => {
      for (let round = 0; round < 200; round += 1) {
        // The writes make the folder again, so either step may find it in its way.
        await rm(folder, { recursive: true, force: true }).catch(() => undefined);
        await (round % 2 === 0 ? symlink(opened.subject.outside, folder) : mkdir(folder)).catch(
          () => undefined,
        );
      }
    })().finally(() => (swapping = false));
    while (swapping) {
      // What fails at once must not keep the swaps from going on.
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.allSettled([
        workspace.write('folder/secret', Buffer.from('escaped')),
        workspace.write('folder/new/file', Buffer.from('escaped')),
      ]);
      const read = await workspace.read('folder/secret').catch(() => undefined);
      if (read !== undefined) expect(Buffer.from(read.bytes).toString()).not.toBe(SECRET);
    }
    await swaps;
    expect(await opened.subject.filesOutside()).toEqual({ secret: SECRET });
  });
});
