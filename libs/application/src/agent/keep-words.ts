import { HARNESS_NOTE, isFault, keptFileKey, text } from '@swe/domain';
import type { KeptFile, UserContent } from '@swe/domain';
import { patiently } from './patiently';
import { freePath } from './take-file';
import type { FilePorts } from './take-file';

/** Puts words into a file of the workspace; undefined when that can't be done. */
export type WordsKeeper = (words: string) => Promise<KeptFile | undefined>;

/** Longer words are put into a file: what people write stays in the conversation for as long as the session lasts. */
const MAX_BYTES = 16_384;
const HEAD_BYTES = 6_144;
const TAIL_BYTES = 2_048;

/** A keeper that keeps them as a file of a message's is kept: for the machine after this one too. */
export function wordsKeeper(
  { workspace, blobs, clock }: Omit<FilePorts, 'chat'>,
  sessionId: string,
): WordsKeeper {
  return async (words) => {
    const bytes = new TextEncoder().encode(words);
    try {
      const path = await freePath(workspace, 'message.txt');
      const kept = { path, blobKey: keptFileKey(bytes) };
      await patiently(clock, () => blobs.put(sessionId, kept.blobKey, bytes));
      await workspace.write(path, bytes);
      return kept;
    } catch (error) {
      if (!isFault(error)) throw error;
      return undefined;
    }
  };
}

/** Content with the long words in it as their beginning, the path of the file with all of them, and their end. */
export async function withLongWordsKept(
  content: readonly UserContent[],
  keep: WordsKeeper,
): Promise<{ readonly content: UserContent[]; readonly files: readonly KeptFile[] }> {
  const files: KeptFile[] = [];
  const short: UserContent[] = [];
  for (const part of content) {
    const bytes = part.type === 'text' ? Buffer.byteLength(part.text) : 0;
    const kept = part.type === 'text' && bytes > MAX_BYTES ? await keep(part.text) : undefined;
    if (kept !== undefined) files.push(kept);
    short.push(
      part.type === 'text' && kept !== undefined ? text(inShort(part.text, bytes, kept.path)) : part,
    );
  }
  return { content: short, files };
}

function inShort(words: string, bytes: number, path: string): string {
  const charactersOf = (part: number): number => Math.floor((part / bytes) * words.length);
  const tail = words.slice(words.length - charactersOf(TAIL_BYTES));
  const left = `${HARNESS_NOTE} About ${bytes - HEAD_BYTES - TAIL_BYTES} bytes more stand here. All of it is in ${path}: read that.`;
  return `${words.slice(0, charactersOf(HEAD_BYTES))}\n${left}\n${tail}`;
}
