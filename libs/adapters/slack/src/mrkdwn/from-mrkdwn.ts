import type { Directory } from '@swe/domain';

/**
 * What Slack puts between angle brackets: https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages.
 * Everything else of its markup reads well as it is.
 */
const REFERENCE = /<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>/g;

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** Words in Slack's markup as plain text: people and channels by their names, links as Markdown. */
export async function fromMrkdwn(text: string, workspace: string, directory: Directory): Promise<string> {
  const pieces: (string | Promise<string>)[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const [whole, sign = '', target = '', label] = match;
    pieces.push(unescaped(text.slice(end, match.index)));
    pieces.push(wordsFor(sign, target, label, workspace, directory));
    end = match.index + whole.length;
  }
  pieces.push(unescaped(text.slice(end)));
  return (await Promise.all(pieces)).join('');
}

async function wordsFor(
  sign: string,
  target: string,
  label: string | undefined,
  workspace: string,
  directory: Directory,
): Promise<string> {
  switch (sign) {
    case '@':
      return `@${(await directory.person(`${workspace}/${target}`)).name}`;
    case '#':
      return `#${label || (await directory.channel(`${workspace}/${target}`)).name}`;
    case '!':
      // `!here`, `!subteam^S1|@team`, `!date^...|words for it`
      return label ? unescaped(label) : `@${target.split('^', 1)[0] ?? target}`;
    default: {
      const url = unescaped(target).replace(/^mailto:/, '');
      const words = label === undefined ? url : unescaped(label);
      return words === url || url.endsWith(`://${words}`) ? url : `[${words}](${url})`;
    }
  }
}

const unescaped = (text: string): string =>
  text.replaceAll(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
