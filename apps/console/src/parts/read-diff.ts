export interface DiffLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
  /** Its number before and after the change; absent where it is not there. */
  readonly before?: number | undefined;
  readonly after?: number | undefined;
}

export interface DiffHunk {
  readonly header: string;
  readonly lines: readonly DiffLine[];
}

export interface DiffFile {
  readonly path: string;
  readonly note?: 'added' | 'deleted' | 'renamed' | 'binary' | undefined;
  readonly hunks: readonly DiffHunk[];
  readonly added: number;
  readonly removed: number;
}

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** The files of a diff as git prints one: https://git-scm.com/docs/diff-format#generate_patch_text_with_p */
export function readDiff(diff: string): readonly DiffFile[] {
  return diff
    .split(/^(?=diff --git )/m)
    .filter((part) => part.startsWith('diff --git '))
    .map(readFile);
}

function readFile(part: string): DiffFile {
  const [head = '', ...hunkParts] = part.split(/^(?=@@ )/m);
  const hunks = hunkParts.map(readHunk);
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const count = (sign: string): number => lines.filter((line) => line.sign === sign).length;
  return { path: pathIn(head), note: noteIn(head), hunks, added: count('+'), removed: count('-') };
}

function pathIn(head: string): string {
  const named = /^\+\+\+ (?:"?b\/)(.*?)"?\t?$/m.exec(head) ?? /^rename to (.*)$/m.exec(head);
  const gone = /^--- (?:"?a\/)(.*?)"?\t?$/m.exec(head);
  return named?.[1] ?? gone?.[1] ?? /^diff --git .* "?b\/(.*?)"?$/m.exec(head)?.[1] ?? '';
}

function noteIn(head: string): DiffFile['note'] {
  if (/^new file mode/m.test(head)) return 'added';
  if (/^deleted file mode/m.test(head)) return 'deleted';
  if (/^rename to/m.test(head)) return 'renamed';
  return /^Binary files/m.test(head) ? 'binary' : undefined;
}

function readHunk(part: string): DiffHunk {
  const [header = '', ...rest] = part.replace(/\n$/, '').split('\n');
  const [, start, newStart] = HUNK.exec(header) ?? [];
  let [before, after] = [Number(start), Number(newStart)];
  const lines: DiffLine[] = [];
  for (const line of rest) {
    const text = line.slice(1);
    if (line.startsWith('+')) lines.push({ sign: '+', text, after: after++ });
    else if (line.startsWith('-')) lines.push({ sign: '-', text, before: before++ });
    else if (!line.startsWith('\\')) lines.push({ sign: ' ', text, before: before++, after: after++ });
  }
  return { header, lines };
}
