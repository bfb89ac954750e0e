import { z } from 'zod';
import type { FileLimits, Image, Workspace } from '@swe/domain';
import { fitFile } from '../agent/fit-file';
import { defineTool, failed } from '../agent/tool';
import type { Tool } from '../agent/tool';

/**
 * Shows a file of the workspace to the model as what it is: a picture, scaled down to what the models take, a document,
 * or text with its middle left out. Limits: files of 32 MB (the workspace's), and `limits`. What can't be shown is a
 * result in words.
 */
export function viewFile(workspace: Pick<Workspace, 'read'>, image: Image, limits: FileLimits): Tool {
  return defineTool({
    name: 'view_file',
    description:
      'Look at a picture (PNG, JPEG, GIF, WebP; large ones are scaled down) or a document (PDF, Word, Excel) in the workspace: a screenshot, a specification.',
    access: 'reads',
    input: z.object({ path: z.string().min(1) }),
    async run({ path }) {
      const { bytes } = await workspace.read(path);
      const file = await fitFile({ name: path, bytes }, limits, image);
      return file.fits ? { content: file.content, touched: [path] } : failed(file.refusal);
    },
  });
}
