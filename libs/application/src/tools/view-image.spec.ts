import { describe, expect, it } from '@jest/globals';
import { SAFE_IMAGE_LIMITS, textOf } from '@swe/domain';
import type { ImageFacts, ImageLimits, JsonObject } from '@swe/domain';
import { claimMemoryImage, drawMemoryImage, MemoryImage, MemoryWorkspace } from '@swe/testing/memory';
import type { ToolContext } from '../agent/tool';
import { viewImage } from './view-image';

async function view(file: Uint8Array, input: JsonObject = { path: 'a.png' }, limits?: ImageLimits) {
  const workspace = new MemoryWorkspace();
  await workspace.write('a.png', file);
  const { content, isError = false } = await viewImage(workspace, new MemoryImage(), limits).call(
    input,
    {} as ToolContext,
  );
  const pictures = content.filter((part) => part.type === 'image');
  return { said: textOf(content), pictures, isError };
}

const png = (width: number, height: number): ImageFacts => ({ mediaType: 'image/png', width, height });
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

describe('view_image', () => {
  it('shows a picture as it is, and says its size', async () => {
    const file = drawMemoryImage(png(30, 20));
    expect(await view(file)).toEqual({
      said: 'a.png: image/png, 30x20 pixels',
      pictures: [{ type: 'image', mediaType: 'image/png', data: base64(file) }],
      isError: false,
    });
  });

  it("scales what is beyond the model's limits, and says both sizes", async () => {
    const { said, pictures } = await view(drawMemoryImage(png(3_136, 1_568)));
    expect(said).toBe('a.png: image/png, 3136x1568 pixels, shown at 1568x784');
    const scaled = drawMemoryImage(png(1_568, 784));
    expect(pictures).toEqual([{ type: 'image', mediaType: 'image/png', data: base64(scaled) }]);
  });

  it('takes the limits of another model', async () => {
    const limits = { ...SAFE_IMAGE_LIMITS, maxSidePixels: 10 };
    const { said } = await view(drawMemoryImage(png(30, 20)), { path: 'a.png' }, limits);
    expect(said).toContain('shown at 10x7');
  });

  it('shows what providers do not take as something they do', async () => {
    const { pictures } = await view(drawMemoryImage({ mediaType: 'image/gif', width: 9, height: 9 }));
    expect(pictures).toMatchObject([{ mediaType: 'image/png' }]);
  });

  it.each<[string, Uint8Array, JsonObject, string]>([
    ['what is no picture', new TextEncoder().encode('text'), { path: 'a.png' }, 'a.png: not a picture'],
    ['a bomb', claimMemoryImage(99_999, 99_999), { path: 'a.png' }, 'a.png: the picture is too large'],
    ['a file that is missing', new Uint8Array(), { path: 'b.png' }, 'no such file'],
    ['a file outside the workspace', new Uint8Array(), { path: '../a.png' }, 'outside'],
    ['a file of more than 32 MB', new Uint8Array(32 * 1024 * 1024 + 1), { path: 'a.png' }, 'a.png'],
    ['no path', new Uint8Array(), { path: '' }, 'path'],
  ])('says in words why %s is not shown', async (_name, file, input, words) => {
    const { said, pictures, isError } = await view(file, input);
    expect([isError, pictures]).toEqual([true, []]);
    expect(said).toContain(words);
  });
});
