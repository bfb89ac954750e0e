import { z } from 'zod';
import type { Workspace } from '@swe/domain';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { exists } from './exists';

/** Writes a whole text file, atomically, and makes missing folders. Limit: what fits into one model answer. */
export function writeFile(workspace: Pick<Workspace, 'stat' | 'write'>): Tool {
  return defineTool({
    name: 'write_file',
    description: 'Create a file, or replace the whole of one. To change a part of a file use edit_file.',
    access: 'acts',
    resume: 'repeat',
    input: z.object({ path: z.string().min(1), content: z.string() }),
    async run({ path, content }) {
      const existed = await exists(workspace, path);
      const bytes = new TextEncoder().encode(content);
      await workspace.write(path, bytes);
      return {
        ...said(`${existed ? 'Replaced' : 'Created'} ${path} (${bytes.length} bytes).`),
        touched: [path],
      };
    },
  });
}
