import type { Attachment, ChatPost } from '@swe/domain';
import { decodeText } from '@swe/domain';
import { loginOf } from '../addresses';
import { MAX_WORDS_LENGTH } from '../github-limits';
import { disarm } from './disarm';

const MAX_BESIDE_LENGTH = 4_000;
const MAX_FILE_LENGTH = 64_000;
const MAX_NAME_LENGTH = 200;
/** What folds a file up. */
const MAX_BESIDE_FILE = 1_000;

/** A post as a comment: whom it notifies, its words, and what may be answered, which GitHub has no buttons for. */
export function toBody({ body, mention, choices = [] }: ChatPost): string {
  const login = mention === undefined ? undefined : loginOf(mention);
  const offered = choices.filter((choice) => choice.trim() !== '').map((choice) => `- ${disarm(choice)}`);
  const beside = ['Answer with one of these:', ...offered].join('\n');
  return [
    ...(login === undefined || login.endsWith('[bot]') ? [] : [`@${login}`]),
    disarm(body, MAX_WORDS_LENGTH),
    ...(offered.length > 0 && beside.length <= MAX_BESIDE_LENGTH ? [beside] : []),
  ].join('\n\n');
}

/** A post with a file, which GitHub's API takes none of: a text is shown folded up, anything else is named. */
export function toBodyWithFile(post: ChatPost, file: Attachment): string {
  const words = toBody(post);
  const name = file.name.replaceAll(/[`<>&\r\n]/g, '_').slice(0, MAX_NAME_LENGTH);
  const text = decodeText(file.bytes);
  const shown = text === undefined ? undefined : folded(name, text, MAX_FILE_LENGTH - words.length);
  // Marks of a fence that has to be longer than any in the file may make it too long.
  if (shown !== undefined && words.length + shown.length <= MAX_FILE_LENGTH + MAX_BESIDE_FILE) {
    return `${words}\n\n${shown}`;
  }
  const about = `The file \`${name}\` (${file.bytes.length} bytes) is not shown: GitHub takes files from people alone.`;
  return `${words}\n\n${about}`;
}

function folded(name: string, text: string, maxLength: number): string {
  const shown = text.slice(0, Math.max(0, maxLength));
  const isCut = shown.length < text.length;
  const summary = isCut ? `${name}: the first ${shown.length} of ${text.length} characters` : name;
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return [
    `<details><summary>${summary}</summary>`,
    '',
    `${fence}text`,
    shown.endsWith('\n') ? shown.slice(0, -1) : shown,
    fence,
    '',
    '</details>',
  ].join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
