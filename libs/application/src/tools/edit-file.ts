import { z } from 'zod';
import { Fault } from '@swe/domain';
import type { Workspace } from '@swe/domain';
import { defineTool, failed, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { applyEdits } from './literal-edit';

const CONTEXT_LINES = 3;
const SHOWN_LINES = 24;
const MAX_LINE_CHARACTERS = 500;

/**
 * Replaces exact text in a file; several edits apply in order, all or none. Limits: files up to 32 MB, in UTF-8
 * (anything else would not survive being written back).
 */
export function editFile(workspace: Pick<Workspace, 'read' | 'write'>): Tool {
  return defineTool({
    name: 'edit_file',
    description:
      'Replace exact text in a file. oldText must occur exactly once (or set replaceAll) and match to the character, indentation included; no line numbers in it. Several edits of one call apply in order, all or none.',
    access: 'acts',
    input: z.object({
      path: z.string().min(1),
      edits: z
        .array(
          z.object({
            oldText: z.string().min(1),
            newText: z.string(),
            replaceAll: z.boolean().optional(),
          }),
        )
        .min(1),
    }),
    async run({ path, edits }) {
      const { bytes } = await workspace.read(path);
      const result = applyEdits(utf8(path, bytes), edits);
      if (!result.ok) return failed(result.problem);
      await workspace.write(path, new TextEncoder().encode(result.text));
      return {
        ...said(`Changed ${path}:\n${excerpt(result.text, result.firstChangedLine)}`),
        touched: [path],
      };
    },
  });
}

/** Keeps a byte order mark: it is part of the file. */
function utf8(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Fault('invalid', `${path} is not UTF-8 text; change it with a program in bash.`, { cause });
  }
}

function excerpt(content: string, firstChangedLine: number): string {
  const from = Math.max(0, firstChangedLine - 1 - CONTEXT_LINES);
  const lines = content.split('\n').slice(from, from + SHOWN_LINES);
  return lines
    .map((line, i) => `${from + i + 1}\t${line.slice(0, MAX_LINE_CHARACTERS).replace(/\r$/, '')}`)
    .join('\n');
}
