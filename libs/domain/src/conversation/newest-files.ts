import { REQUEST_FILE_LIMITS } from '../budget/file-limits';
import type { RequestFileLimits } from '../budget/file-limits';
import { HARNESS_NOTE } from './harness-note';
import { text } from './content';
import type { DocumentContent, ImageContent, TextContent, ToolResultContent, UserContent } from './content';
import type { ModelMessage } from './model-message';

const WHY = 'a request holds only so many; look at it again if it is needed';

export type FileContent = ImageContent | DocumentContent;

/**
 * The conversation with as many of its newest files as one request may hold; of the older ones a line says what was
 * there. Above a limit the oldest go until half of it is free, so that what is sent begins with the same bytes for many
 * steps: a cache is lost once per batch, not once per file. A function of the conversation alone, in which no file that
 * went ever comes back; the newest one stays.
 */
export function withNewestFiles(
  messages: readonly ModelMessage[],
  limits: RequestFileLimits = REQUEST_FILE_LIMITS,
): readonly ModelMessage[] {
  const stay = newestOf(filesOf(messages), limits);
  let seen = -1;
  return replaceFiles(messages, (file) => {
    seen += 1;
    return stay.has(seen) ? file : noteOf(file, WHY);
  });
}

/** `…was here, and is left out:` with the reason. */
export function noteOf(file: FileContent, reason: string): TextContent {
  const kind = file.type === 'image' ? 'picture' : 'document';
  const called = file.name === undefined ? `A ${kind}` : `The ${kind} ${JSON.stringify(file.name)}`;
  return text(`${HARNESS_NOTE} ${called} was here and is left out: ${reason}.`);
}

/** In the order in which they came. */
export function filesOf(messages: readonly ModelMessage[]): readonly FileContent[] {
  return messages.flatMap(({ content }) =>
    content
      .flatMap((part) => (part.type === 'tool-result' ? part.content : [part]))
      .filter((part) => part.type === 'image' || part.type === 'document'),
  );
}

/** The same conversation with something else for its files, asked for in their order. Messages in which nothing changes stay the same objects. */
export function replaceFiles(
  messages: readonly ModelMessage[],
  replace: (file: FileContent) => UserContent,
): readonly ModelMessage[] {
  return messages.map((message) => {
    if (message.role !== 'user') return message;
    const content = replaced(message.content, (part) =>
      part.type === 'tool-result' ? inResult(part, replace) : inContent(part, replace),
    );
    return content === message.content ? message : { ...message, content };
  });
}

function inContent(part: UserContent, replace: (file: FileContent) => UserContent): UserContent {
  return part.type === 'text' ? part : replace(part);
}

function inResult(result: ToolResultContent, replace: (file: FileContent) => UserContent): ToolResultContent {
  const content = replaced(result.content, (part) => inContent(part, replace));
  return content === result.content ? result : { ...result, content: [...content] };
}

function replaced<T>(all: readonly T[], replace: (each: T) => T): readonly T[] {
  const next = all.map(replace);
  return next.every((each, i) => each === all[i]) ? all : next;
}

/** One of the files, by its place among all of them: the same one may be there twice. */
interface Kept {
  readonly place: number;
  readonly file: FileContent;
}

function newestOf(files: readonly FileContent[], limits: RequestFileLimits): ReadonlySet<number> {
  let kept: readonly Kept[] = [];
  for (const [place, file] of files.entries()) kept = makeRoom([...kept, { place, file }], limits);
  return new Set(kept.map(({ place }) => place));
}

function makeRoom(files: readonly Kept[], limits: RequestFileLimits): readonly Kept[] {
  let kept = files;
  const documents = kept.filter(isDocument);
  if (documents.length > limits.documents) {
    const stay = documents.slice(-half(limits.documents));
    kept = kept.filter((each) => !isDocument(each) || stay.includes(each));
  }
  if (kept.length > limits.files) kept = kept.slice(-half(limits.files));
  if (base64BytesOf(kept) > limits.base64Bytes) {
    while (kept.length > 1 && base64BytesOf(kept) > limits.base64Bytes / 2) kept = kept.slice(1);
  }
  return kept;
}

const half = (limit: number): number => Math.max(1, Math.floor(limit / 2));
const isDocument = ({ file }: Kept): boolean => file.type === 'document';

function base64BytesOf(files: readonly Kept[]): number {
  return files.reduce((sum, { file }) => sum + file.data.length, 0);
}
