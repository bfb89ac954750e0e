import { beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import { MemoryBlobStore, MemoryWorkspace } from '@swe/testing/memory';
import { fileRestorer } from './put-back-files';

const BYTES = Uint8Array.of(0x89, 0, 255);
const LOST = { path: 'attachments/a', blobKey: 'sent/1' };
const KEPT = { path: 'attachments/b', blobKey: 'sent/2' };

let blobs: MemoryBlobStore;
let workspace: MemoryWorkspace;
beforeEach(async () => {
  blobs = new MemoryBlobStore();
  workspace = new MemoryWorkspace();
  await blobs.put('s1', KEPT.blobKey, BYTES);
});

describe('a file that a person sent, on a machine that has it not', () => {
  it('is put back as it was sent, and one that is there stays as it is', async () => {
    const putBack = fileRestorer(blobs, workspace, 's1');
    expect(await putBack([KEPT])).toEqual([]);
    expect((await workspace.read(KEPT.path)).bytes).toEqual(BYTES);
    await workspace.write(KEPT.path, Uint8Array.of(1));
    expect(await putBack([KEPT])).toEqual([]);
    expect((await workspace.read(KEPT.path)).bytes).toEqual(Uint8Array.of(1));
  });

  it('and that is kept nowhere any more is named, and keeps no other from coming back', async () => {
    expect(await fileRestorer(blobs, workspace, 's1')([LOST, KEPT])).toEqual([LOST.path]);
    expect((await workspace.read(KEPT.path)).bytes).toEqual(BYTES);
  });

  it('and that may not be written there is named, so that the session comes up without it', async () => {
    const closed = {
      stat: (path: string) => workspace.stat(path),
      write: () => Promise.reject(new Fault('denied', 'a folder of somebody else')),
    };
    expect(await fileRestorer(blobs, closed, 's1')([KEPT])).toEqual([KEPT.path]);
  });

  it('is not given up while its store is down', async () => {
    const down = { get: () => Promise.reject(new Fault('transient', 'no answer')) };
    await expect(fileRestorer(down, workspace, 's1')([KEPT])).rejects.toThrow('no answer');
  });
});
