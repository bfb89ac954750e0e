/** One replacement. `oldText` is searched for as it is: no pattern, no escapes, neither in it nor in `newText`. */
export interface LiteralEdit {
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll?: boolean | undefined;
}

export type EditResult =
  | { readonly ok: true; readonly text: string; readonly firstChangedLine: number }
  | { readonly ok: false; readonly problem: string };

const MAX_LINES_COMPARED = 20_000;
const MAX_CHARACTERS_COMPARED = 1_000;
const MIN_SIMILARITY = 0.4;
const MAX_LINES_NAMED = 10;

/**
 * Applies `edits` one after another, all or none. Each must match exactly once unless it replaces all. In a file
 * whose lines all end in CRLF the edits' line ends are taken as CRLF too.
 */
export function applyEdits(original: string, edits: readonly LiteralEdit[]): EditResult {
  const crlf = original.includes('\r\n') && !/(^|[^\r])\n/.test(original);
  let text = original;
  let firstChangedLine = Infinity;
  for (const [i, edit] of edits.entries()) {
    const oldText = crlf ? withCrlf(edit.oldText) : edit.oldText;
    const newText = crlf ? withCrlf(edit.newText) : edit.newText;
    const where = edits.length === 1 ? '' : `Edit ${i + 1} of ${edits.length}: `;
    if (oldText === newText) return problem(`${where}oldText and newText are the same.`);
    const places = placesOf(text, oldText);
    const [first] = places;
    if (first === undefined)
      return problem(`${where}oldText does not occur in the file. ${nearest(text, edit.oldText)}`);
    if (places.length > 1 && edit.replaceAll !== true) {
      const lines = places.slice(0, MAX_LINES_NAMED).map((at) => lineAt(text, at));
      return problem(
        `${where}oldText occurs ${places.length} times (lines ${lines.join(', ')}). Add lines around it, or set replaceAll.`,
      );
    }
    firstChangedLine = Math.min(firstChangedLine, lineAt(text, first));
    text = text.split(oldText).join(newText);
  }
  return { ok: true, text, firstChangedLine };
}

function problem(message: string): EditResult {
  return { ok: false, problem: `${message.trim()}\nNothing was changed.` };
}

function withCrlf(value: string): string {
  return value.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n');
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** Where `part` occurs, occurrences that overlap included: each of them could be the one that is meant. */
function placesOf(text: string, part: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) places.push(at);
  return places;
}

/** The place most like `wanted`, numbered as `read_file` does, so that the model sees what differs. */
function nearest(text: string, wanted: string): string {
  const lines = text
    .split('\n', MAX_LINES_COMPARED)
    .map((line) => line.slice(0, MAX_CHARACTERS_COMPARED).replace(/\r$/, ''));
  const wantedLines = wanted.split('\n');
  const anchor = wantedLines.findIndex((line) => line.trim() !== '');
  if (anchor === -1) return '';
  const anchorPairs = pairsOf(wantedLines[anchor] ?? '');
  let best = { line: -1, similarity: 0 };
  lines.forEach((line, i) => {
    const similarity = dice(pairsOf(line), anchorPairs);
    if (similarity > best.similarity) best = { line: i, similarity };
  });
  if (best.similarity < MIN_SIMILARITY) return 'Nothing in it is similar: read the file again.';
  const from = Math.max(0, best.line - anchor);
  const shown = lines.slice(from, from + Math.min(wantedLines.length, 20));
  const numbered = shown.map((line, i) => `${from + i + 1}\t${line}`).join('\n');
  return `The nearest is:\n${numbered}\n`;
}

function pairsOf(line: string): ReadonlySet<string> {
  const squeezed = line.replace(/\s+/g, '');
  const pairs = new Set<string>();
  for (let i = 0; i < squeezed.length - 1; i += 1) pairs.add(squeezed.slice(i, i + 2));
  return pairs;
}

/** Sorensen-Dice: 1 for the same character pairs, 0 for none in common. */
function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size + b.size === 0) return 0;
  let common = 0;
  for (const pair of a) if (b.has(pair)) common += 1;
  return (2 * common) / (a.size + b.size);
}
