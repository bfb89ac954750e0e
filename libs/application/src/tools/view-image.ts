import { z } from 'zod';
import { Fault, imageContent, SAFE_IMAGE_LIMITS, text } from '@swe/domain';
import type { Image, ImageLimits, Workspace } from '@swe/domain';
import { defineTool } from '../agent/tool';
import type { Tool } from '../agent/tool';

/**
 * Shows a picture of the workspace to the model. Limits: files of 32 MB (the workspace's), pictures of what the
 * image port decodes; larger than `limits` it is scaled down, and said. What is no picture is a result in words.
 */
export function viewImage(
  workspace: Pick<Workspace, 'read'>,
  image: Image,
  limits: ImageLimits = SAFE_IMAGE_LIMITS,
): Tool {
  return defineTool({
    name: 'view_image',
    description:
      'Look at a picture in the workspace (PNG, JPEG, GIF, WebP): a screenshot, a diagram. Large ones are scaled down.',
    access: 'reads',
    input: z.object({ path: z.string().min(1) }),
    async run({ path }) {
      const { bytes } = await workspace.read(path);
      const { width, height, mediaType } = await ofFile(path, image.measure(bytes));
      const shown = await ofFile(path, image.scale(bytes, limits));
      const isWhole = shown.width === width && shown.height === height;
      const scaled = isWhole ? '' : `, shown at ${shown.width}x${shown.height}`;
      const picture = imageContent.parse({
        type: 'image',
        mediaType: shown.mediaType,
        data: Buffer.from(shown.bytes).toString('base64'),
      });
      return { content: [text(`${path}: ${mediaType}, ${width}x${height} pixels${scaled}`), picture] };
    },
  });
}

/** The port knows bytes only; a model that looks at several files wants to know which one was refused. */
async function ofFile<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault(error.kind, `${path}: ${error.message}`, { cause: error });
  }
}
