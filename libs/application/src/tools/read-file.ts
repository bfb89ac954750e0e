import { z } from 'zod';
import { Fault } from '@swe/domain';
import type { Workspace } from '@swe/domain';
import { defineTool, said } from '../agent/tool';
import type { Tool, ToolOutput } from '../agent/tool';

const CHUNK_BYTES = 65_536;
const MAX_LINES = 2_000;
const MAX_CHARACTERS = 50_000;
const MAX_LINE_CHARACTERS = 2_000;
/** More than so many characters need, so that a line that is cut is seen to be. */
const MAX_LINE_BYTES = 4 * (MAX_LINE_CHARACTERS + 1);
const LF = 10;

/**
 * Reads lines of a text file, numbered from 1. Limits: 2,000 lines or 50,000 characters at a time, lines cut at
 * 2,000 characters; a file of any size is read in pieces of 64 KB.
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
      for await (const bytes of linesOf(workspace, path)) {
        lineNumber += 1;
        if (lineNumber < startLine) continue;
        if (shown.length === lineCount || characters >= MAX_CHARACTERS) {
          return at(path, `${shown.join('\n')}\n[more lines follow: go on with startLine ${lineNumber}]`);
        }
        const line = decoded(bytes, lineNumber);
        const cut =
          line.length > MAX_LINE_CHARACTERS ? `${line.slice(0, MAX_LINE_CHARACTERS)} [line cut]` : line;
        shown.push(`${lineNumber}\t${cut}`);
        characters += cut.length;
      }
      if (lineNumber === 0) return at(path, '(the file is empty)');
      if (shown.length === 0) throw new Fault('invalid', `${path} has only ${lineNumber} lines.`);
      return at(path, shown.join('\n'));
    },
  });
}

const at = (path: string, message: string): ToolOutput => ({ ...said(message), touched: [path] });

/** The bytes of each line, of a long one no more than are shown; not decoded, since most may only be passed over. */
async function* linesOf(workspace: Pick<Workspace, 'read'>, path: string): AsyncIterable<Uint8Array> {
  let rest = new Uint8Array(0);
  for (let offset = 0; ; offset += CHUNK_BYTES) {
    const { bytes, totalBytes } = await workspace.read(path, { offset, length: CHUNK_BYTES });
    if (offset === 0 && bytes.includes(0)) {
      throw new Fault('invalid', `${path} is a binary file of ${totalBytes} bytes.`);
    }
    let start = 0;
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
      yield joined(rest, bytes.subarray(start, end));
      rest = new Uint8Array(0);
      start = end + 1;
    }
    rest = joined(rest, bytes.subarray(start));
    if (bytes.length === 0 || offset + bytes.length >= totalBytes) break;
  }
  if (rest.length > 0) yield rest;
}

/** A copy, so that the piece it comes from can go. */
function joined(begun: Uint8Array, more: Uint8Array): Uint8Array<ArrayBuffer> {
  const line = new Uint8Array(Math.min(begun.length + more.length, MAX_LINE_BYTES));
  line.set(begun);
  line.set(more.subarray(0, line.length - begun.length), begun.length);
  return line;
}

function decoded(line: Uint8Array, lineNumber: number): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: lineNumber > 1 }).decode(line);
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
