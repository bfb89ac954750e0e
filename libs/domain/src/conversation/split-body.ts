/** ``` or ~~~ with what follows it: https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

interface Fence {
  /** The line that opens it, to be said again where a part begins inside. */
  readonly opening: string;
  readonly marks: string;
}

/**
 * Markdown in parts of at most `maxLength` UTF-16 units (100 or more), always the same for the same body. It is cut
 * between lines where that is possible, never inside a character; a code block that is cut is closed and opened again.
 */
export function splitBody(body: string, maxLength: number): readonly string[] {
  if (body.length <= maxLength) return [body];
  const parts: string[] = [];
  let part: string[] = [];
  let length = 0;
  let fence: Fence | undefined;

  const closing = (): string[] => (fence === undefined ? [] : [fence.marks]);
  const room = (): number => maxLength - closing().reduce((sum, line) => sum + line.length + 1, 0);
  const add = (line: string): void => {
    length += line.length + (part.length === 0 ? 0 : 1);
    part.push(line);
  };
  function flush(): void {
    parts.push([...part, ...closing()].join('\n'));
    part = fence === undefined ? [] : [fence.opening];
    length = fence?.opening.length ?? 0;
  }

  for (const line of body.split('\n')) {
    const next = fenceAfter(line, fence, maxLength);
    const isEnd = fence !== undefined && next === undefined;
    for (const piece of pieces(line, room() - (fence?.opening.length ?? -1) - 1)) {
      const limit = isEnd ? maxLength : room();
      const isFresh = part.length === (fence === undefined ? 0 : 1);
      if (!isFresh && length + 1 + piece.length > limit) flush();
      add(piece);
    }
    fence = next;
  }
  const last = part.join('\n');
  return last.trim() === '' ? parts : [...parts, last];
}

/** The code block that is open behind `line`. One whose opening line takes too much room is none to us. */
function fenceAfter(line: string, open: Fence | undefined, maxLength: number): Fence | undefined {
  const [, marks = '', rest = ''] = FENCE.exec(line) ?? [];
  if (open !== undefined) {
    const closes = marks.startsWith(open.marks) && rest.trim() === '';
    return closes ? undefined : open;
  }
  if (marks === '' || line.length + marks.length > maxLength / 4) return undefined;
  return { opening: line, marks };
}

/** A line in pieces of at most `length`, cut behind a space in the last quarter when there is one. */
function pieces(line: string, length: number): readonly string[] {
  const cut: string[] = [];
  let rest = line;
  while (rest.length > length) {
    const space = rest.lastIndexOf(' ', length - 1) + 1;
    const end = space > (length * 3) / 4 ? space : wholeCharacters(rest, length);
    cut.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...cut, rest];
}

function wholeCharacters(line: string, length: number): number {
  const code = line.charCodeAt(length - 1);
  const isHalf = code >= 0xd800 && code <= 0xdbff;
  return isHalf ? length - 1 : length;
}
