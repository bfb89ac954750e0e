import type { JsonObject } from '@swe/domain';
import type { NumberLiteral } from './source-code';

/** A replacement as `edit_file` takes it. */
export interface SourceEdit extends JsonObject {
  readonly oldText: string;
  readonly newText: string;
}

export interface EditedSource {
  readonly edit: SourceEdit;
  readonly source: string;
}

/**
 * The edit that puts `value` in a literal's place: its whole line, with as many lines before it as it takes to be
 * unique, before the edit and after it, so that `undoOf` it is an edit too.
 */
export function putNumber(source: string, literal: NumberLiteral, value: number): EditedSource {
  const after = literal.offset + literal.text.length;
  const edited = `${source.slice(0, literal.offset)}${value}${source.slice(after)}`;
  const lineEnd = source.indexOf('\n', after);
  const tail = lineEnd === -1 ? '' : source.slice(after, lineEnd);
  for (let from = startOfLine(source, literal.offset); ; from = startOfLine(source, from - 1)) {
    const head = source.slice(from, literal.offset);
    const edit = { oldText: `${head}${literal.text}${tail}`, newText: `${head}${value}${tail}` };
    if (from === 0 || (isOnce(source, edit.oldText) && isOnce(edited, edit.newText)))
      return { edit, source: edited };
  }
}

export function undoOf({ oldText, newText }: SourceEdit): SourceEdit {
  return { oldText: newText, newText: oldText };
}

function isOnce(text: string, part: string): boolean {
  return text.split(part).length === 2;
}

function startOfLine(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}
