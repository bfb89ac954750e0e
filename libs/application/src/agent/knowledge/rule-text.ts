import { HARNESS_NOTE, readFrontMatter, visibleText } from '@swe/domain';
import type { RuleFile } from '@swe/domain';
import { fenced } from '../fence';
import { onOneLine } from '../on-one-line';
import { MAX_FILE_BYTES } from './base-branch';
import type { FileContent } from './base-branch';

const MAX_DESCRIPTION = 500;
const MAX_NAMED = 20;

/** A rule file's words as the model reads them, '' for none. What a person who reads the file does not see is left out. */
export function ruleText(path: string, { text, isCut }: FileContent): string {
  const seen = visibleText(text);
  if (seen.text.trim() === '') return '';
  const hidden = seen.hiddenComments + seen.invisibleCharacters;
  const notes = [
    ...(hidden === 0 ? [] : [`${hidden} comments or characters that nobody sees are left out`]),
    ...(isCut ? [`cut at ${MAX_FILE_BYTES / 1024} KB: read_file has the rest`] : []),
  ];
  const behind = notes.length === 0 ? '' : `\n(${notes.join('; ')})`;
  const words = fenced('rules', { path: attribute(path) }, seen.text.trim());
  return `${HARNESS_NOTE} The repository's rules, from its base branch:\n${words}${behind}`;
}

/** What a skill, or a rule that is read on demand, is for; '' for one that does not say. */
export function descriptionText(path: string, kind: RuleFile['kind'], { text }: FileContent): string {
  const { fields } = readFrontMatter(visibleText(text).text);
  const description = onOneLine(fields.get('description')?.text ?? '', MAX_DESCRIPTION);
  if (description === '') return '';
  const name = onOneLine(fields.get('name')?.text ?? '');
  const what =
    kind === 'skill' ? `A skill of the repository${name && `, ${name}`}` : 'A rule of the repository';
  const words = fenced(kind === 'skill' ? 'skill' : 'rule', { path: attribute(path) }, description);
  return `${HARNESS_NOTE} ${what}: read it with read_file when what you do calls for it.\n${words}`;
}

/** The words of a file that was told otherwise before. */
export function changedText(path: string, words: string): string {
  return `${HARNESS_NOTE} ${attribute(path)} changed on the base branch. This holds from now on, and what you were told of it before does not:\n${words}`;
}

/** Takes back a file that was told before and is no more, or says nothing any more. */
export function goneText(path: string): string {
  return `${HARNESS_NOTE} ${attribute(path)} is gone from the base branch: what you were told of it holds no more.`;
}

/** Stands for a file that git could not give. */
export function unreadText(path: string): string {
  return `${HARNESS_NOTE} The repository's rules in ${attribute(path)} could not be read from its base branch: see read_file.`;
}

/** Stands for files that are too much to be loaded. */
export function tooMuchText(paths: readonly string[]): string {
  const named = paths.slice(0, MAX_NAMED).map(attribute).join(', ');
  const more = paths.length > MAX_NAMED ? ` and ${paths.length - MAX_NAMED} more` : '';
  return `${HARNESS_NOTE} The repository has more rules than are loaded: read ${named}${more} with read_file where they matter.`;
}

const attribute = (path: string): string => path.replace(/["<>\p{Cc}]/gu, '?');
