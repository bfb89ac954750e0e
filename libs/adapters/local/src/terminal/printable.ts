import { stripVTControlCharacters } from 'node:util';

/**
 * Text as a terminal may show it: escape sequences and control characters are gone, so that no tool output, file or
 * model can move the cursor, rename the window or paint over what was said. Tabs become two spaces.
 */
export function printable(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replaceAll('\r\n', '\n')
      .replaceAll('\t', '  ')
      // C0 but line feed, DEL, C1, and the characters that turn the direction of writing.
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
  );
}

/** A copy of `value` in which every text, however deep, is printable. */
export function printableIn<T>(value: T): T;
export function printableIn(value: unknown): unknown {
  if (typeof value === 'string') return printable(value);
  if (Array.isArray(value)) return value.map((each: unknown) => printableIn(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, printableIn(each)]));
}

const LINES_NOT_WORTH_HIDING = 4;

/** The first and last lines of a long text, with a line between them that says what is left out. */
export function folded(text: string, headLines: number, tailLines: number): readonly string[] {
  const lines = text.trimEnd().split('\n');
  const hidden = lines.length - headLines - tailLines;
  if (hidden <= LINES_NOT_WORTH_HIDING) return lines;
  return [...lines.slice(0, headLines), `... ${hidden} more lines ...`, ...lines.slice(-tailLines)];
}
