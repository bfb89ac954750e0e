import { describe, expect, it } from '@jest/globals';
import { SAFE_IMAGE_LIMITS, textOf } from '@swe/domain';
import type { JsonObject } from '@swe/domain';
import { claimMemoryImage, drawMemoryImage, MemoryImage, MemoryWorkspace } from '@swe/testing/memory';
import type { ToolContext } from '../agent/tool';
import { viewFile } from './view-file';

const LIMITS = {
  imageLimits: SAFE_IMAGE_LIMITS,
  documentLimits: { mediaTypes: ['application/pdf' as const], maxBytes: 1_000, maxPages: 10 },
};

async function view(file: Uint8Array, input: JsonObject = { path: 'a.png' }) {
  const workspace = new MemoryWorkspace();
  await workspace.write('a.png', file);
  const tool = viewFile(workspace, new MemoryImage(), LIMITS);
  const { content, isError = false } = await tool.call(input, {} as ToolContext);
  return { said: textOf(content), shown: content.filter(({ type }) => type !== 'text'), isError };
}

describe('view_file', () => {
  it('shows a picture, and says its size', async () => {
    const file = drawMemoryImage({ mediaType: 'image/png', width: 30, height: 20 });
    expect(await view(file)).toEqual({
      said: 'a.png: image/png, 30x20 pixels',
      shown: [
        {
          type: 'image',
          name: 'a.png',
          mediaType: 'image/png',
          data: Buffer.from(file).toString('base64'),
        },
      ],
      isError: false,
    });
  });

  it('shows a document', async () => {
    expect(await view(Buffer.from('%PDF-1.7'))).toMatchObject({
      said: 'a.png: PDF, 8 bytes',
      shown: [{ type: 'document', name: 'a.png', mediaType: 'application/pdf' }],
    });
  });

  it.each<[string, Uint8Array, JsonObject, string]>([
    ['what no model takes', Buffer.from('\x7fELF\0'), { path: 'a.png' }, 'a.png (5 bytes) cannot be shown'],
    ['a bomb', claimMemoryImage(99_999, 99_999), { path: 'a.png' }, 'the picture is too large'],
    ['a file that is missing', new Uint8Array(), { path: 'b.png' }, 'no such file'],
    ['a file outside the workspace', new Uint8Array(), { path: '../a.png' }, 'outside'],
    ['a file of more than 32 MB', new Uint8Array(32 * 1024 * 1024 + 1), { path: 'a.png' }, 'a.png'],
    ['no path', new Uint8Array(), { path: '' }, 'path'],
  ])('says in words why %s is not shown', async (_name, file, input, words) => {
    const { said, shown, isError } = await view(file, input);
    expect([isError, shown]).toEqual([true, []]);
    expect(said).toContain(words);
  });
});
