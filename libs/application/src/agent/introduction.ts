import { HARNESS_NOTE } from '@swe/domain';
import type { UserContent } from '@swe/domain';
import { onOneLine } from './on-one-line';

/** Says to the model who writes a message, where others have spoken before. */
export function introduction(requester: string, name: string): string {
  return `${HARNESS_NOTE} ${onOneLine(name)} ${introduced(requester)}`;
}

/** The person's own words in what the model got to see of their message; empty where they wrote none. */
export function wordsOfMessage(content: readonly UserContent[], requester: string): string {
  const [first, second] = content.map((part) => (part.type === 'text' ? part.text : ''));
  const isIntroduced = first?.startsWith(HARNESS_NOTE) && first.endsWith(introduced(requester));
  return (isIntroduced ? second : first) ?? '';
}

const introduced = (requester: string): string => `(${onOneLine(requester)}) writes:`;
