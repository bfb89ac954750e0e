import { HARNESS_NOTE, isFault, keptFileKey, text } from '@swe/domain';
import type { BlobStore, Chat, Clock, KeptFile, MessageFile, UserContent, Workspace } from '@swe/domain';
import { exists } from '../tools/exists';
import type { FittedFile, GivenFile } from './fit-file';
import { onOneLine } from './on-one-line';
import { patiently } from './patiently';

/** What the model gets of a file, and the reason for the person when that is nothing but the reason. */
export interface TakenFile {
  readonly content: readonly UserContent[];
  readonly refusal?: string;
  /** Set when it is in the workspace. */
  readonly kept?: KeptFile;
}

/**
 * Brings a file of a message to where the agent can use it. Never fails, and waits for a minute at most: a message is not
 * held up by a file.
 */
export type FileTaker = (file: MessageFile) => Promise<TakenFile>;

const FOLDER = 'attachments';
const MAX_NAME_CHARACTERS = 100;

/** Makes a file a part of the conversation, or says why it can't be one. */
export type FileFitter = (file: GivenFile) => Promise<FittedFile>;

/** Where files come from, are used, and are kept for the machine after this one: they may be gone from the chat then. */
export interface FilePorts {
  readonly chat: Pick<Chat, 'fetch'>;
  readonly workspace: Pick<Workspace, 'stat' | 'write'>;
  readonly blobs: Pick<BlobStore, 'put'>;
  readonly clock: Pick<Clock, 'sleep'>;
}

/**
 * A taker that puts a session's files into the workspace, in `attachments/`, under a name of its own each, where the
 * agent's tools find them, and shows the model those that fit.
 */
export function fileTaker(
  { chat, workspace, blobs, clock }: FilePorts,
  sessionId: string,
  fit: FileFitter,
): FileTaker {
  return async ({ ref, name, mediaType: declaredAs }) => {
    try {
      // Nobody is to send a file twice over a failure that passes.
      const bytes = await patiently(clock, () => chat.fetch(ref));
      const path = await freePath(workspace, plainName(name));
      const kept = { path, blobKey: keptFileKey(bytes) };
      await patiently(clock, () => blobs.put(sessionId, kept.blobKey, bytes));
      await workspace.write(path, bytes);
      const fitted = await fit({ name: path, declaredAs, bytes });
      const note = `${HARNESS_NOTE} A file came along, which is at ${path}.`;
      if (!fitted.fits) return { content: [text(`${note} ${fitted.refusal}`)], kept };
      return { content: [text(note), ...fitted.content], kept };
    } catch (error) {
      if (!isFault(error)) throw error;
      const refusal = `I can't take the file ${onOneLine(name)}: ${error.message}`;
      return { content: [text(`${HARNESS_NOTE} ${refusal}`)], refusal };
    }
  };
}

/** A file name that is no path, no option and no hidden file, whatever it was called. */
function plainName(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N}._ -]+/gu, '_')
    .replace(/^[. -]+/, '')
    .trim();
  const [, stem = '', extension = ''] = /^(.*?)(\.[^.]{1,10})?$/u.exec(plain) ?? [];
  return `${[...stem].slice(0, MAX_NAME_CHARACTERS).join('') || 'file'}${extension}`;
}

/** A path in the folder of what people sent that nothing is at: `name`, or with a number in it. */
export async function freePath(workspace: Pick<Workspace, 'stat'>, name: string): Promise<string> {
  const [, stem = '', extension = ''] = /^(.*?)(\.[^.]*)?$/u.exec(name) ?? [];
  for (let n = 1; ; n += 1) {
    const path = `${FOLDER}/${n === 1 ? name : `${stem}-${n}${extension}`}`;
    if (!(await exists(workspace, path))) return path;
  }
}
