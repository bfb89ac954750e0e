import { diffLines } from 'diff';
import type { JsonValue } from '@swe/domain';
import { z } from 'zod';
import { folded } from './printable';

const edits = z.object({ edits: z.array(z.object({ oldText: z.string(), newText: z.string() })) });
const content = z.object({ content: z.string() });

export interface ChangedLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** What an edit or a new file changes, as the lines of a diff; undefined for tools that change no file. */
export function changeOf(input: JsonValue | undefined): readonly ChangedLine[] | undefined {
  const edited = edits.safeParse(input);
  if (edited.success) return edited.data.edits.flatMap(({ oldText, newText }) => diffOf(oldText, newText));
  const written = content.safeParse(input);
  if (written.success) return folded(written.data.content, 8, 4).map((text) => ({ sign: '+', text }));
  return undefined;
}

function diffOf(oldText: string, newText: string): readonly ChangedLine[] {
  const parts = diffLines(
    oldText.endsWith('\n') ? oldText : `${oldText}\n`,
    newText.endsWith('\n') ? newText : `${newText}\n`,
  );
  return parts.flatMap(({ added, removed, value }) =>
    folded(value, 12, 4).map((text) => ({ sign: added ? '+' : removed ? '-' : ' ', text }) as const),
  );
}
