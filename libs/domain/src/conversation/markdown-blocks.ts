interface Placed {
  /** Blank lines before it. */
  readonly gap: number;
}

export interface CodeBlock extends Placed {
  readonly kind: 'code';
  readonly opening: string;
  readonly lines: readonly string[];
  /** Also for a block that its author left open. */
  readonly closing: string;
  readonly marks: string;
  readonly info: string;
  /** The `>` before each of its lines, or ''. */
  readonly quote: string;
  /** Columns before its marks: more than none inside a list. */
  readonly indent: number;
}

export interface TableBlock extends Placed {
  readonly kind: 'table';
  /** The names of the columns and the line below them. */
  readonly header: string;
  readonly rows: readonly string[];
}

/** Lists and quotes are texts too. */
export interface TextBlock extends Placed {
  readonly kind: 'text' | 'heading' | 'rule';
  readonly text: string;
}

export type MarkdownBlock = CodeBlock | TableBlock | TextBlock;

type Unplaced<B> = B extends Placed ? Omit<B, 'gap'> : never;
interface Read {
  readonly block: Unplaced<MarkdownBlock>;
  /** The line behind it. */
  readonly next: number;
}

// https://spec.commonmark.org/0.31.2/#fenced-code-blocks, also behind `>` and a list's mark
const OPENING = /^((?: {0,3}>)*)([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}|~{3,})(.*)$/s;
const CLOSING = /^([ \t]*)(`+|~+)[ \t]*$/;
const HEADING = /^ {0,3}#{1,6}(?:[ \t]|$)/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const LIST_ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]/;

/** Markdown as the blocks that it may be cut between, found line by line. Lines end with `\n`. */
export function markdownBlocks(text: string): readonly MarkdownBlock[] {
  const lines = text.split('\n');
  const blocks: MarkdownBlock[] = [];
  let gap = 0;
  let isInList = false;
  for (let at = 0; at < lines.length;) {
    if (lines[at]?.trim() === '') {
      gap += 1;
      at += 1;
      continue;
    }
    const { block, next }: Read =
      readCode(lines, at, isInList) ?? readTable(lines, at) ?? readText(lines, at);
    isInList = block.kind === 'code' ? isInList : block.kind === 'text' && endsInList(block.text, isInList);
    blocks.push({ ...block, gap: blocks.length === 0 ? 0 : gap });
    gap = 0;
    at = next;
  }
  return blocks;
}

/** A block as it is written, without the blank lines before it. */
export function markdownOf(block: MarkdownBlock): string {
  switch (block.kind) {
    case 'code':
      return [block.opening, ...block.lines, block.closing].join('\n');
    case 'table':
      return [block.header, ...block.rows].join('\n');
    default:
      return block.text;
  }
}

/** The lines between two blocks of one text; more than two that are blank say no more than two. */
export function separatorBefore({ gap }: MarkdownBlock): string {
  return '\n'.repeat(1 + Math.min(gap, 2));
}

function readCode(lines: readonly string[], at: number, isInList: boolean): Read | undefined {
  const fence = fenceOf(lines[at] ?? '', isInList);
  if (fence === undefined) return undefined;
  const depth = fence.quote.split('>').length - 1;
  let end = at + 1;
  for (; end < lines.length; end += 1) {
    const line = behindQuote(lines[end] ?? '', depth);
    if (line === undefined) return { block: { ...fence, lines: lines.slice(at + 1, end) }, next: end };
    if (closes(line, fence)) break;
  }
  return { block: { ...fence, lines: lines.slice(at + 1, end) }, next: end + 1 };
}

function fenceOf(opening: string, isInList: boolean): Omit<CodeBlock, 'gap' | 'lines'> | undefined {
  const [, quote = '', before = '', marks = '', info = ''] = OPENING.exec(opening) ?? [];
  if (marks === '') return undefined;
  // Such a line is a word in code marks.
  if (marks.startsWith('`') && info.includes('`')) return undefined;
  const isItem = before.trim() !== '';
  if (!isItem && before.length > 4 && quote !== '') return undefined;
  if (!isItem && before.length > 3 && quote === '' && !isInList) return undefined;
  const closing = quote + (isItem ? ' '.repeat(before.length) : before) + marks;
  return { kind: 'code', opening, closing, marks, info: info.trim(), quote, indent: before.length };
}

function closes(line: string, { marks, indent }: Pick<CodeBlock, 'marks' | 'indent'>): boolean {
  const [, before = '', run = ''] = CLOSING.exec(line) ?? [];
  return run.startsWith(marks) && before.length <= indent + 3;
}

/** What `depth` quotes hold of a line; undefined when it isn't in all of them. */
function behindQuote(line: string, depth: number): string | undefined {
  let at = 0;
  for (let level = 0; level < depth; level += 1) {
    while (line[at] === ' ') at += 1;
    if (line[at] !== '>') return undefined;
    at += 1;
  }
  return line.slice(at);
}

// https://github.github.com/gfm/#tables-extension-
function readTable(lines: readonly string[], at: number): Read | undefined {
  if (!startsTable(lines, at)) return undefined;
  let next = at + 2;
  while (next < lines.length && !endsParagraph(lines, next)) next += 1;
  const header = lines.slice(at, at + 2).join('\n');
  return { block: { kind: 'table', header, rows: lines.slice(at + 2, next) }, next };
}

function startsTable(lines: readonly string[], at: number): boolean {
  const names = cellsOf(lines[at] ?? '');
  const marks = cellsOf(lines[at + 1] ?? '');
  return (
    (lines[at]?.includes('|') ?? false) &&
    names.length === marks.length &&
    marks.every((cell) => /^:?-+:?$/.test(cell))
  );
}

/** The cells of a table's line. */
export function cellsOf(row: string): readonly string[] {
  const inner = row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

function readText(lines: readonly string[], at: number): Read {
  const [first = ''] = lines.slice(at, at + 1);
  if (HEADING.test(first)) return { block: { kind: 'heading', text: first }, next: at + 1 };
  if (RULE.test(first)) return { block: { kind: 'rule', text: first }, next: at + 1 };
  let next = at + 1;
  while (next < lines.length && !endsParagraph(lines, next) && !startsTable(lines, next)) next += 1;
  return { block: { kind: 'text', text: lines.slice(at, next).join('\n') }, next };
}

function endsParagraph(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  // `---` below a paragraph makes it a heading.
  const isRule = RULE.test(line) && !line.includes('-');
  return line.trim() === '' || isRule || HEADING.test(line) || fenceOf(line, true) !== undefined;
}

function endsInList(text: string, isInList: boolean): boolean {
  if (LIST_ITEM.test(text)) return true;
  return /^[ \t]/.test(text) ? isInList : /\n[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]/.test(text);
}
