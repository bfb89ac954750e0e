import { HARNESS_NOTE, isFault, text } from '@swe/domain';
import type { Chat, MessageFile, UserContent, Workspace } from '@swe/domain';
import { exists } from '../tools/exists';
import { onOneLine } from './on-one-line';

/** What the model gets of a file, and the reason for the person when that is nothing but the reason. */
export interface TakenFile {
  readonly content: readonly UserContent[];
  readonly refusal?: string;
}

/** Brings a file of a message to where the agent can use it. Never fails: a message is not held up by a file. */
export type FileTaker = (file: MessageFile) => Promise<TakenFile>;

const FOLDER = 'attachments';
const MAX_NAME_CHARACTERS = 100;

/**
 * A taker that puts files into the workspace, in `attachments/`, under a name of its own each, and tells the model where:
 * its tools look at it from there.
 */
export function fileTaker(
  chat: Pick<Chat, 'fetch'>,
  workspace: Pick<Workspace, 'stat' | 'write'>,
): FileTaker {
  return async (file) => {
    const name = onOneLine(file.name);
    try {
      const bytes = await chat.fetch(file.ref);
      const path = await freePath(workspace, plainName(file.name));
      await workspace.write(path, bytes);
      const declared = file.mediaType === undefined ? '' : `, sent as ${onOneLine(file.mediaType)}`;
      const note = `The person sent the file ${name} (${bytes.length} bytes${declared}). It is at ${path}.`;
      return { content: [text(`${HARNESS_NOTE} ${note}`)] };
    } catch (error) {
      if (!isFault(error)) throw error;
      const refusal = `I can't take the file ${name}: ${error.message}`;
      return { content: [text(`${HARNESS_NOTE} The person was told: ${refusal}`)], refusal };
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

async function freePath(workspace: Pick<Workspace, 'stat'>, name: string): Promise<string> {
  const [, stem = '', extension = ''] = /^(.*?)(\.[^.]*)?$/u.exec(name) ?? [];
  for (let n = 1; ; n += 1) {
    const path = `${FOLDER}/${n === 1 ? name : `${stem}-${n}${extension}`}`;
    if (!(await exists(workspace, path))) return path;
  }
}
