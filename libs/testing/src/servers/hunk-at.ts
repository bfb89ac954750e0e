const HEADER = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** The hunk of a patch from its beginning to a line of the file, as GitHub shows it above a comment; undefined where the line is in none. */
export function hunkAt(patch: string, line: number, side: 'LEFT' | 'RIGHT'): string | undefined {
  let hunk: string[] = [];
  let left = 0;
  let right = 0;
  for (const text of patch.split('\n')) {
    const header = HEADER.exec(text);
    if (header !== null) {
      hunk = [text];
      left = Number(header[1]) - 1;
      right = Number(header[2]) - 1;
      continue;
    }
    hunk.push(text);
    if (!text.startsWith('+')) left += 1;
    if (!text.startsWith('-')) right += 1;
    const isOnSide = side === 'LEFT' ? !text.startsWith('+') : !text.startsWith('-');
    if (isOnSide && (side === 'LEFT' ? left : right) === line) return hunk.join('\n');
  }
  return undefined;
}
