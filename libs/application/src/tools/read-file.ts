import { z } from 'zod';
import { Fault } from '@swe/domain';
import type { Workspace } from '@swe/domain';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';

const CHUNK_BYTES = 1_048_576;
const MAX_LINES = 2_000;
const MAX_CHARACTERS = 50_000;
const MAX_LINE_CHARACTERS = 2_000;

/**
 * Reads lines of a text file, numbered from 1. Limits: 2,000 lines or 50,000 characters at a time, lines cut at
 * 2,000 characters; a file of any size is read in pieces of 1 MB.
 */
export function readFile(workspace: Pick<Workspace, 'read'>): Tool {
  return defineTool({
    name: 'read_file',
    description:
      'Read a text file, or a range of its lines. Each line comes as its number, a tab, and its text. At most 2,000 lines at a time; says where to go on.',
    access: 'reads',
    input: z.object({
      path: z.string().min(1),
      startLine: z.int().min(1).optional().describe('First line, from 1. Default 1.'),
      lineCount: z.int().min(1).max(MAX_LINES).optional().describe(`Default and most: ${MAX_LINES}.`),
    }),
    async run({ path, startLine = 1, lineCount = MAX_LINES }) {
      const shown: string[] = [];
      let characters = 0;
      let lineNumber = 0;
      for await (const line of linesOf(workspace, path)) {
        lineNumber += 1;
        if (lineNumber < startLine) continue;
        if (shown.length === lineCount || characters >= MAX_CHARACTERS) {
          return said(`${shown.join('\n')}\n[more lines follow: go on with startLine ${lineNumber}]`);
        }
        const cut =
          line.length > MAX_LINE_CHARACTERS ? `${line.slice(0, MAX_LINE_CHARACTERS)} [line cut]` : line;
        shown.push(`${lineNumber}\t${cut}`);
        characters += cut.length;
      }
      if (lineNumber === 0) return said('(the file is empty)');
      if (shown.length === 0) throw new Fault('invalid', `${path} has only ${lineNumber} lines.`);
      return said(shown.join('\n'));
    },
  });
}

async function* linesOf(workspace: Pick<Workspace, 'read'>, path: string): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for (let offset = 0; ; offset += CHUNK_BYTES) {
    const { bytes, totalBytes } = await workspace.read(path, { offset, length: CHUNK_BYTES });
    if (offset === 0 && bytes.includes(0)) {
      throw new Fault('invalid', `${path} is a binary file of ${totalBytes} bytes.`);
    }
    const last = offset + bytes.length >= totalBytes;
    const lines = (rest + decoder.decode(bytes, { stream: !last })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    if (last || bytes.length === 0) break;
    // A "line" of many megabytes has no line breaks to wait for; only its beginning is ever shown.
    if (rest.length > CHUNK_BYTES) rest = rest.slice(0, CHUNK_BYTES);
  }
  if (rest !== '') yield rest;
}
