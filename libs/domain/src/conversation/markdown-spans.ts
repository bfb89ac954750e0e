/** A stretch of a text that loses its meaning when it is cut: inline code, a link, a character that is escaped. */
export interface MarkdownSpan {
  readonly kind: 'code' | 'link' | 'escape';
  readonly start: number;
  readonly end: number;
}

const ESCAPE = /\\[!-/:-@[-`{-~]/y;
const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]\w{1,31});/iy;
const IN_ANGLES = /<[^<>\s][^<>\n]*>/y;
const ADDRESS = /https?:\/\/[^\s<>[\]()`]+/y;

/** The spans of Markdown that is no code block, in one pass; a link's may hold others. */
export function markdownSpans(text: string): readonly MarkdownSpan[] {
  const spans: MarkdownSpan[] = [];
  const codeEnds = codeEndsOf(text);
  const parenEnds = parenEndsOf(text);
  const brackets: number[] = [];

  const endOf = (pattern: RegExp, at: number): number | undefined => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : undefined;
  };
  const found = (kind: MarkdownSpan['kind'], start: number, end: number | undefined): number => {
    if (end === undefined) return start + 1;
    spans.push({ kind, start, end });
    return end;
  };

  for (let at = 0; at < text.length;) {
    switch (text[at]) {
      case '\\':
        at = found('escape', at, endOf(ESCAPE, at));
        break;
      case '&':
        at = found('escape', at, endOf(ENTITY, at));
        break;
      case '<':
        at = found('link', at, endOf(IN_ANGLES, at));
        break;
      case 'h':
        at = found('link', at, endOf(ADDRESS, at));
        break;
      case '`': {
        const run = runAt(text, at);
        const end = codeEnds.get(at);
        at = end === undefined ? at + run : found('code', at, end);
        break;
      }
      case '[':
        brackets.push(text[at - 1] === '!' ? at - 1 : at);
        at += 1;
        break;
      case ']': {
        const start = brackets.pop();
        const last = spans.at(-1);
        at += 1;
        if (start === undefined) break;
        // `[words][name]` is one link.
        const from = last?.kind === 'link' && last.end === start ? last.start : start;
        found('link', from, text[at] === '(' ? (parenEnds.get(at) ?? at) : at);
        break;
      }
      default:
        at += 1;
    }
  }
  return spans;
}

function runAt(text: string, at: number): number {
  let end = at;
  while (text[end] === '`') end += 1;
  return end - at;
}

/** Where inline code that starts at a run of backticks ends: behind the next run of the same length. */
function codeEndsOf(text: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const latest = new Map<number, number>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const opened = latest.get(run.length);
    if (opened !== undefined) ends.set(opened, index + run.length);
    latest.set(run.length, index);
  }
  return ends;
}

/** Where what starts with `(` ends. */
function parenEndsOf(text: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: sign, index } of text.matchAll(/\\.|[()]/gs)) {
    if (sign === '(') open.push(index);
    const start = sign === ')' ? open.pop() : undefined;
    if (start !== undefined) ends.set(start, index + 1);
  }
  return ends;
}
