import { characterStart, hardCut, softCut } from './cut-text';
import { markdownBlocks, markdownOf, separatorBefore } from './markdown-blocks';
import type { CodeBlock, MarkdownBlock, TableBlock, TextBlock } from './markdown-blocks';

/** A part that is this full ends before a block that doesn't fit, rather than inside it. */
const FULL = 1 / 3;

interface Cut {
  readonly head: MarkdownBlock;
  readonly rest: MarkdownBlock;
}

/**
 * Markdown in parts of at most `maxLength` UTF-16 units (100 or more), always the same for the same body. Each part is
 * Markdown by itself: a code block that is cut is closed and opened again, a table says its header again, and no link,
 * inline code or character is cut. It is cut between blocks where that is possible, else between lines, sentences or
 * words; no heading ends a part.
 */
export function splitBody(body: string, maxLength: number): readonly string[] {
  if (body.length <= maxLength) return [body];
  const waiting = markdownBlocks(body.replaceAll(/\r\n?/g, '\n')).toReversed().map(fittedTo(maxLength));
  const parts: string[] = [];
  let part: MarkdownBlock[] = [];
  let length = 0;

  const lengthWith = (block: MarkdownBlock): number =>
    length + (part.length === 0 ? 0 : separatorBefore(block).length) + markdownOf(block).length;
  const add = (block: MarkdownBlock): void => {
    length = lengthWith(block);
    part.push(block);
  };
  function flush(): void {
    const heading = part.length > 1 && part.at(-1)?.kind === 'heading' ? part.pop() : undefined;
    if (heading !== undefined) waiting.push(heading);
    parts.push(joined(part));
    part = [];
    length = 0;
  }

  for (let block = waiting.pop(); block !== undefined; block = waiting.pop()) {
    if (lengthWith(block) <= maxLength) {
      add(block);
      continue;
    }
    const isFresh = part.length === 0;
    const room = maxLength - length - (isFresh ? 0 : separatorBefore(block).length);
    const cut = length < maxLength * FULL ? cutBlock(block, room, isFresh) : undefined;
    waiting.push(cut?.rest ?? block);
    if (cut !== undefined) add(cut.head);
    flush();
  }
  return part.length === 0 ? parts : [...parts, joined(part)];
}

function joined(blocks: readonly MarkdownBlock[]): string {
  return blocks
    .map((block, index) => (index === 0 ? '' : separatorBefore(block)) + markdownOf(block))
    .join('');
}

/** A block whose frame leaves most of a part to what it frames. */
function fittedTo(maxLength: number): (block: MarkdownBlock) => MarkdownBlock {
  return (block) => {
    if (block.kind === 'table') return fittedTable(block, maxLength);
    return block.kind === 'code' ? fittedCode(block, maxLength) : block;
  };
}

function fittedCode(block: CodeBlock, maxLength: number): CodeBlock {
  if (block.opening.length <= maxLength / 4) return block;
  const mark = block.marks.slice(0, 1);
  const inside = block.lines.reduce((most, line) => Math.max(most, leadingRun(line.trimStart(), mark)), 2);
  const marks = mark.repeat(Math.min(inside + 1, block.marks.length, Math.floor(maxLength / 8)));
  const lines = block.info === '' ? block.lines : [block.info, ...block.lines];
  return { ...block, marks, lines, info: '', opening: marks, closing: marks, quote: '', indent: 0 };
}

function leadingRun(line: string, mark: string): number {
  let end = 0;
  while (line[end] === mark) end += 1;
  return end;
}

function fittedTable(block: TableBlock, maxLength: number): TableBlock | TextBlock {
  const longest = block.rows.reduce((most, row) => Math.max(most, row.length), 0);
  const fits = block.header.length <= maxLength / 2 && block.header.length + 1 + longest <= maxLength;
  return fits ? block : { kind: 'text', gap: block.gap, text: markdownOf(block) };
}

/** Undefined when less than a line fits and another part may offer more room. */
function cutBlock(block: MarkdownBlock, room: number, isFresh: boolean): Cut | undefined {
  if (block.kind === 'code') return cutCode(block, room, isFresh);
  return block.kind === 'table' ? cutTable(block, room) : cutTextBlock(block, room, isFresh);
}

function cutCode(block: CodeBlock, room: number, isFresh: boolean): Cut | undefined {
  const { lines, quote, marks, info, indent } = block;
  const frame = block.opening.length + 1 + block.closing.length;
  const count = countFitting(lines, room - frame);
  if (count === 0 && !isFresh) return undefined;
  const [first = ''] = lines;
  const cutAt = count === 0 ? cutInCode(first, room - frame - 1, marks) : 0;
  const here = count === 0 ? [first.slice(0, cutAt)] : lines.slice(0, count);
  const left = count === 0 ? [quote + first.slice(cutAt), ...lines.slice(1)] : lines.slice(count);
  const start = quote + (quote === '' ? '' : ' ') + marks;
  const rest: CodeBlock = {
    ...block,
    gap: 0,
    opening: start + info,
    closing: start,
    lines: quote === '' && indent > 0 ? left.map((line) => dedented(line, indent)) : left,
    indent: 0,
  };
  return { head: { ...block, lines: here }, rest };
}

function dedented(line: string, indent: number): string {
  const own = line.length - line.trimStart().length;
  return line.slice(Math.min(own, indent));
}

/** Behind a space in the last quarter when there is one. The rest must not begin like the end of the code block. */
function cutInCode(line: string, room: number, marks: string): number {
  const space = line.lastIndexOf(' ', room - 1) + 1;
  const at = space > (room * 3) / 4 ? space : characterStart(line, room);
  const isRisky = line
    .slice(at, at + room)
    .trimStart()
    .startsWith(marks.slice(0, 1));
  if (!isRisky) return at;
  let before = at;
  while (before > 0 && [' ', '\t', marks[0]].includes(line[before - 1])) before -= 1;
  return before > room / 2 ? characterStart(line, before - 1) : at;
}

function cutTable(block: TableBlock, room: number): Cut | undefined {
  const count = countFitting(block.rows, room - block.header.length);
  if (count === 0) return undefined;
  const rest = { ...block, gap: 0, rows: block.rows.slice(count) };
  return { head: { ...block, rows: block.rows.slice(0, count) }, rest };
}

/** How many lines fit, each with the line end before it. */
function countFitting(lines: readonly string[], room: number): number {
  let left = room;
  const end = lines.findIndex((line) => (left -= line.length + 1) < 0);
  return end === -1 ? lines.length : end;
}

function cutTextBlock(block: TextBlock, room: number, isFresh: boolean): Cut | undefined {
  const { text } = block;
  const at = softCut(text, room) ?? (isFresh ? hardCut(text, room) : undefined);
  if (at === undefined) return undefined;
  const isLineEnd = text[at - 1] === '\n';
  const head = { ...block, text: text.slice(0, isLineEnd ? at - 1 : at) };
  const rest = text.slice(at);
  return { head, rest: { kind: 'text', gap: 0, text: isLineEnd ? rest : goingOn(text, at, room) } };
}

/** What is left of a line that was cut: still in its quote, and not read as the start of something else. */
function goingOn(text: string, at: number, room: number): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const [quote = ''] = /^(?: {0,3}>)+ ?/.exec(text.slice(lineStart, at)) ?? [];
  const rest = text.slice(at);
  if (quote !== '' && quote.length < room / 4) return quote + rest;
  return /^(?:#{1,6}\s|>|[-+*]\s|`{3}|~{3})/.test(rest) ? `\\${rest}` : rest;
}
