import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();

/** How many columns of a terminal `text` takes: wide characters and emoji two, escape sequences none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** A line without escape sequences in the rows that a terminal of `columns` breaks it into; at least one. */
export function rowsOf(line: string, columns: number): readonly string[] {
  if (widthOf(line) <= columns) return [line];
  const rows: string[] = [];
  let row = '';
  let used = 0;
  for (const { segment } of graphemes.segment(line)) {
    const width = widthOf(segment);
    if (used + width > columns) {
      rows.push(row);
      row = '';
      used = 0;
    }
    row += segment;
    used += width;
  }
  return [...rows, row];
}

/** The beginning of a line without escape sequences, with three dots at its end when it takes more than `columns`. */
export function cut(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  const room = columns - 3;
  return room < 1 ? '' : `${rowsOf(line, room)[0] ?? ''}...`;
}
