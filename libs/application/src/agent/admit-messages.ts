import { findRepositoryLinks, HARNESS_NOTE, placeholderPerson, text } from '@swe/domain';
import type { Directory, InboxItem, KeptFile, MessageFile, UserContent } from '@swe/domain';
import type { DemandRight } from './demand-right';
import { describeLink } from './describe-link';
import type { PageReader } from './describe-link';
import { introduction } from './introduction';
import { withLongWordsKept } from './keep-words';
import type { WordsKeeper } from './keep-words';
import { onOneLine } from './on-one-line';
import type { FileTaker } from './take-file';

/** What it takes to show a message to the model. What is absent is not there to be had. */
export interface Admission {
  readonly readPage?: PageReader;
  readonly demandRight?: DemandRight;
  readonly takeFile?: FileTaker;
  readonly keepWords?: WordsKeeper;
  readonly directory?: Pick<Directory, 'person'>;
  /** A person's words without their chat's markup. */
  readonly plainWords?: (words: string, requester: string) => Promise<string>;
  /** Where what it points to was found before. */
  readonly showMessage?: (item: InboxItem, others: readonly string[]) => Promise<ShownMessage>;
}

/** A message as the model gets to see it, and why something of it could not be taken, for whoever sent it. */
export interface ShownMessage {
  readonly content: UserContent[];
  readonly refusals: readonly string[];
  /** Files of it that are in the workspace. */
  readonly files: readonly KeptFile[];
}

/** Of what links point to, files are shown up to this many: people attach whole galleries to an issue. */
const MAX_LINKED_FILES = 10;

/** A message's words with what they point to, and the files that lie there. */
export interface LinkedContent {
  readonly content: UserContent[];
  readonly files: readonly MessageFile[];
}

/**
 * What the model gets to see of a message: the person's words, then each issue, pull request and file they point to,
 * read now.
 */
export async function contentOfMessage(words: string, readPage: PageReader): Promise<LinkedContent> {
  const content: UserContent[] = [text(words)];
  const files: MessageFile[] = [];
  for (const link of findRepositoryLinks(words)) {
    const described = await describeLink(link, readPage);
    content.push(text(described.text));
    files.push(...described.files);
  }
  return { content, files };
}

/** The message of a person, with its files, and with who they are where `others` have spoken before. */
export async function showMessage(
  { requester, messageKey, body }: Pick<InboxItem, 'requester' | 'messageKey' | 'body'>,
  others: readonly string[],
  {
    readPage = nothingConnected,
    demandRight,
    takeFile = takeNone,
    keepWords = keepNone,
    directory,
    plainWords = asWritten,
  }: Admission,
): Promise<ShownMessage> {
  if (body.kind === 'command') return { content: [], refusals: [], files: [] };
  const readForAll: PageReader = async (ref, kind) => {
    // Whoever has spoken reads what is answered.
    await demandRight?.('read', ref.repository, [...others, requester]);
    return readPage(ref, kind);
  };
  const linked = await contentOfMessage(await plainWords(body.text, requester), readForAll);
  const worded = await withLongWordsKept(linked.content, keepWords);
  const content = [...worded.content];
  const refusals: string[] = [];
  const files: KeptFile[] = [...worded.files];
  const take = async (file: MessageFile): Promise<string | undefined> => {
    const taken = await takeFile(file);
    content.push(...taken.content);
    if (taken.kept !== undefined) files.push(taken.kept);
    return taken.refusal;
  };
  // Nobody here attached them: what can't be taken is for the model to know.
  for (const file of linked.files.slice(0, MAX_LINKED_FILES)) await take(file);
  if (linked.files.length > MAX_LINKED_FILES) {
    const more = linked.files.length - MAX_LINKED_FILES;
    content.push(text(`${HARNESS_NOTE} ${more} more attached files were left out.`));
  }
  for (const file of body.files ?? []) {
    const refusal = await take(file);
    if (refusal !== undefined) refusals.push(refusal);
  }
  if (others.every((each) => each === requester)) return { content, refusals, files };
  const { name } = (await directory?.person(requester, messageKey)) ?? placeholderPerson(requester);
  return { content: [text(introduction(requester, name)), ...content], refusals, files };
}

const nothingConnected: PageReader = async () => undefined;

const asWritten = async (words: string): Promise<string> => words;

const keepNone: WordsKeeper = async () => undefined;

const takeNone: FileTaker = async ({ name }) => {
  const refusal = `I can't take the file ${onOneLine(name)}: files are not read here.`;
  return { content: [text(`${HARNESS_NOTE} ${refusal}`)], refusal };
};
