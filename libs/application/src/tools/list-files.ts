import { z } from 'zod';
import type { Workspace } from '@swe/domain';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';

const MAX_ENTRIES = 500;
const MAX_DEPTH = 8;
/** Named, never entered: they hide everything else. */
const CLOSED_FOLDERS = new Set(['.git', 'node_modules', '.swe']);

/** Lists a folder as an indented tree. Limits: 8 levels, 500 entries; `.git`, `node_modules` and `.swe` stay closed. */
export function listFiles(workspace: Pick<Workspace, 'list'>): Tool {
  return defineTool({
    name: 'list_files',
    description:
      'List a folder as a tree. Folders end in /, links in @. .git, node_modules and .swe are not entered. At most 500 entries.',
    access: 'reads',
    input: z.object({
      path: z.string().optional().describe('Default: the workspace.'),
      depth: z.int().min(1).max(MAX_DEPTH).optional().describe('Levels to show. Default 2.'),
    }),
    async run({ path = '.', depth = 2 }) {
      const lines: string[] = [];
      const complete = await walk(workspace, path, depth, '', lines);
      if (lines.length === 0) lines.push('(the folder is empty)');
      if (!complete) lines.push(`[cut at ${MAX_ENTRIES} entries: list a folder in it, or use search]`);
      return { ...said(lines.join('\n')), touched: [path] };
    },
  });
}

async function walk(
  workspace: Pick<Workspace, 'list'>,
  path: string,
  depth: number,
  indent: string,
  lines: string[],
): Promise<boolean> {
  for (const { name, kind } of await workspace.list(path, MAX_ENTRIES + 1)) {
    if (lines.length >= MAX_ENTRIES) return false;
    lines.push(`${indent}${name}${kind === 'directory' ? '/' : kind === 'link' ? '@' : ''}`);
    const enter = kind === 'directory' && depth > 1 && !CLOSED_FOLDERS.has(name);
    if (enter && !(await walk(workspace, `${path}/${name}`, depth - 1, `${indent}  `, lines))) return false;
  }
  return true;
}
