import { markdownSpans } from '@swe/domain';

/** `<https://…>` without another label: Markdown and Slack mean the same by it. */
const ADDRESS = /^<(?:https?:\/\/|mailto:)[^\s<>|]+>/;
/** https://docs.slack.dev/messaging/formatting-message-text: people, groups, channels, everybody, dates */
const TOKEN = /<(?=@[UW]|#[CG]|!(?:here|channel|everyone|subteam|date)\b)/gi;

/**
 * Prose in which nothing is a Slack token: nobody is pinged by what a model or a repository says, and no label hides
 * where a link goes. Slack reads `<…>` in a markdown block, and shows `&lt;` as `<` without reading it again.
 */
export function disarmProse(text: string): string {
  let disarmed = '';
  let at = 0;
  const codes = markdownSpans(text).filter(({ kind }) => kind === 'code');
  for (const { start, end } of codes) {
    disarmed += withEntities(text.slice(at, start)) + disarmCode(text.slice(start, end));
    at = end;
  }
  return disarmed + withEntities(text.slice(at));
}

/** In code an entity would be read as it is written, so the sign is one that looks alike. */
export function disarmCode(code: string): string {
  return code.replaceAll(TOKEN, '\u2039');
}

function withEntities(text: string): string {
  return text.replaceAll(/<(?:(?:https?:\/\/|mailto:)[^\s<>]+>)?/gi, (found) =>
    ADDRESS.test(found) ? found : `&lt;${found.slice(1)}`,
  );
}
