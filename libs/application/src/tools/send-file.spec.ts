import { describe, expect, it } from '@jest/globals';
import { textOf } from '@swe/domain';
import { MemoryBlobStore, MemoryWorkspace } from '@swe/testing/memory';
import type { ToolContext } from '../agent/tool';
import { sendFile } from './send-file';

const context = { callId: 'call-1-2', session: { id: 's1' } } as ToolContext;

async function open() {
  const workspace = new MemoryWorkspace();
  const blobs = new MemoryBlobStore();
  await workspace.write('out/report.txt', Uint8Array.of(1, 2, 3));
  const tool = sendFile(workspace, blobs, { maxAttachmentBytes: 3 });
  return {
    workspace,
    blobs,
    send: (input: { path: string; message?: string }) =>
      tool.call({ message: 'The report.', ...input }, context),
  };
}

describe('send_file', () => {
  it('posts the file as it is now, with a word about it', async () => {
    const { workspace, blobs, send } = await open();
    const output = await send({ path: 'out/report.txt' });
    expect(textOf(output.content)).toBe('Sent report.txt (3 bytes).');
    expect(output).toMatchObject({
      post: 'The report.',
      attachment: { name: 'report.txt', blobKey: 'attachment/call-1-2' },
    });
    await workspace.write('out/report.txt', Uint8Array.of(9));
    expect(await blobs.get('s1', 'attachment/call-1-2')).toEqual(Uint8Array.of(1, 2, 3));
  });

  it.each([
    ['a file above what the chat takes', 'big', 'at most 3 can be sent'],
    ['a file that is not there', 'nowhere', 'nowhere'],
    ['a folder', 'out', 'out'],
    ['a file outside the workspace', '../x', '../x'],
  ])('refuses %s, and posts nothing', async (_name, path, reason) => {
    const { workspace, blobs, send } = await open();
    await workspace.write('big', new Uint8Array(4));
    const output = await send({ path });
    expect(output.isError).toBe(true);
    expect(textOf(output.content)).toContain(reason);
    expect(output.post).toBeUndefined();
    expect(await blobs.list('s1', { limit: 9 })).toEqual({ items: [] });
  });
});
