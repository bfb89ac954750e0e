/** What a diff does to a file. */
export interface FileDiff {
  /** As it is called after the change, or was before it was deleted. */
  readonly path: string;
  /** What it was called before, where that is something else. */
  readonly oldPath?: string;
  readonly change: 'added' | 'deleted' | 'modified';
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Its lines are not shown. */
  readonly isBinary: boolean;
}

interface Draft {
  path: string;
  oldPath?: string;
  change: FileDiff['change'];
  readonly added: string[];
  readonly removed: string[];
  isBinary: boolean;
}

const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/** What `git diff` is asked with to print what `readDiff` reads, `core.quotePath` being off: none of the repository's own ways to show a change. */
export const DIFF_OPTIONS: readonly string[] = [
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--unified=0',
  '--find-renames',
  '--irreversible-delete',
];

/**
 * The files of what `git diff` prints with `DIFF_OPTIONS`. Lines before the first file, such as warnings,
 * are passed over. https://git-scm.com/docs/diff-format#generate_patch_text_with_p
 */
export function readDiff(diff: string): readonly FileDiff[] {
  const files: Draft[] = [];
  /** Lines of the hunk that are still to come: what looks like a header there is content. */
  let old = 0;
  let fresh = 0;
  for (const line of diff.split('\n')) {
    const file = files.at(-1);
    if (file !== undefined && (old > 0 || fresh > 0) && /^[-+ ]/.test(line)) {
      if (!line.startsWith('+')) old -= 1;
      if (!line.startsWith('-')) fresh -= 1;
      if (line.startsWith('+')) file.added.push(line.slice(1));
      if (line.startsWith('-')) file.removed.push(line.slice(1));
      continue;
    }
    if (line.startsWith('diff --git ')) {
      files.push({
        path: pathOf(line.slice(11)),
        change: 'modified',
        added: [],
        removed: [],
        isBinary: false,
      });
      continue;
    }
    if (file === undefined) continue;
    const hunk = HUNK.exec(line);
    if (hunk !== null) [old, fresh] = [Number(hunk[1] ?? 1), Number(hunk[2] ?? 1)];
    else readHeader(file, line);
  }
  return files;
}

function readHeader(file: Draft, line: string): void {
  if (line.startsWith('new file mode')) file.change = 'added';
  else if (line.startsWith('deleted file mode')) file.change = 'deleted';
  else if (line.startsWith('rename from ')) file.oldPath = unquoted(line.slice(12));
  else if (line.startsWith('rename to ')) file.path = unquoted(line.slice(10));
  else if (line.startsWith('Binary files ')) file.isBinary = true;
}

/** Of `a/x b/x`: for a rename, whose names differ, headers of their own follow. */
function pathOf(names: string): string {
  const half = names.slice(0, (names.length - 1) / 2);
  return unquoted(half).replace(/^a\//, '');
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** https://git-scm.com/docs/git-config#Documentation/git-config.txt-corequotePath, which is off here. */
function unquoted(name: string): string {
  if (!name.startsWith('"')) return name;
  return name.slice(1, -1).replace(/\\([0-7]{3}|.)/g, (_whole, code: string) => {
    return code.length === 3 ? String.fromCharCode(parseInt(code, 8)) : (ESCAPES[code] ?? code);
  });
}
