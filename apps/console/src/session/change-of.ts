import { diffLines } from 'diff';
import type { DiffFile, DiffLine } from '../parts/read-diff';
import type { JsonInput, Row } from './transcript-view';

export const objectOf = (input: JsonInput) =>
  typeof input === 'object' && input !== null && !Array.isArray(input) ? input : undefined;

/** What an edit, or a new file, changes; undefined for calls that change no file. */
export function changeOf(input: JsonInput): readonly DiffLine[] | undefined {
  const { edits, content } = objectOf(input) ?? {};
  if (typeof content === 'string') return linesOf(content, '+');
  if (!Array.isArray(edits)) return undefined;
  return edits.flatMap((edit) => {
    const { oldText, newText } = objectOf(edit) ?? {};
    return typeof oldText === 'string' && typeof newText === 'string' ? changed(oldText, newText) : [];
  });
}

function changed(oldText: string, newText: string): readonly DiffLine[] {
  const [before, after] = [oldText, newText].map((text) => (text.endsWith('\n') ? text : `${text}\n`));
  return diffLines(before ?? '', after ?? '').flatMap(({ added, removed, value }) =>
    linesOf(value, added ? '+' : removed ? '-' : ' '),
  );
}

function linesOf(text: string, sign: DiffLine['sign']): readonly DiffLine[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((each) => ({ sign, text: each }));
}

export const counted = (lines: readonly DiffLine[], sign: string): number =>
  lines.filter((line) => line.sign === sign).length;

/**
 * What the agent's edits changed, by file, in the order in which it came to them: each edit is a hunk, so that what was
 * changed twice is there twice.
 */
export function editsIn(rows: readonly Row[]): readonly DiffFile[] {
  const files = new Map<string, DiffFile>();
  for (const row of rows) {
    if (row.kind !== 'call' || row.call.result?.isError !== false) continue;
    const { path } = objectOf(row.call.input) ?? {};
    const lines = changeOf(row.call.input);
    if (typeof path !== 'string' || lines === undefined) continue;
    const { hunks, added, removed } = files.get(path) ?? { hunks: [], added: 0, removed: 0 };
    files.set(path, {
      path,
      hunks: [...hunks, { header: row.call.name, lines }],
      added: added + counted(lines, '+'),
      removed: removed + counted(lines, '-'),
    });
  }
  return [...files.values()];
}
