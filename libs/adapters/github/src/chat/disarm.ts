import { markdownBlocks, markdownOf, markdownSpans } from '@swe/domain';
import type { MarkdownSpan } from '@swe/domain';

/** https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#mentioning-people-and-teams */
const MENTION = /(?<![A-Za-z0-9])@(?=[A-Za-z0-9])/g;
/** The sign as an entity, which GitHub reads before it looks for people. */
const SIGN_AS_ENTITY = /&(?:#0*64|#x0*40|commat);/gi;
/** A character of no width, as an entity: what is copied from the page has it, and no reader sees it. */
const APART = '@&#8203;';

/**
 * Markdown that notifies nobody: what a model or a repository says must not ping people. Code and links notify
 * nobody anyway, and an entity would be shown there, or lead elsewhere. Where that makes too much of it, the sign becomes one that looks alike.
 */
export function disarm(markdown: string, maxLength = Number.POSITIVE_INFINITY): string {
  const disarmed = withEntities(markdown);
  return disarmed.length <= maxLength
    ? disarmed
    : markdown.replaceAll(SIGN_AS_ENTITY, '@').replaceAll(MENTION, '\uff20');
}

function withEntities(written: string): string {
  const markdown = written.replaceAll(SIGN_AS_ENTITY, '@');
  if (!markdown.includes('@')) return markdown;
  let at = 0;
  let disarmed = '';
  for (const block of markdownBlocks(markdown)) {
    const written = markdownOf(block);
    const start = markdown.indexOf(written, at);
    if (block.kind === 'code' || start === -1) continue;
    disarmed += markdown.slice(at, start) + disarmProse(written);
    at = start + written.length;
  }
  return disarmed + markdown.slice(at);
}

function disarmProse(text: string): string {
  let disarmed = '';
  let at = 0;
  for (const { start, end } of harmlessIn(text)) {
    if (start < at) continue;
    disarmed += text.slice(at, start).replaceAll(MENTION, APART) + text.slice(start, end);
    at = end;
  }
  return disarmed + text.slice(at).replaceAll(MENTION, APART);
}

/** Inline code, addresses, and links with one; what stands in brackets alone is no link. */
function harmlessIn(text: string): readonly MarkdownSpan[] {
  return markdownSpans(text)
    .filter(({ kind, start, end }) => {
      const written = text.slice(start, end);
      return kind === 'code' || (kind === 'link' && /^<?https?:\/\/[\w-]+\.|\]\([^\s)]*\)$/i.test(written));
    })
    .toSorted((a, b) => a.start - b.start || b.end - a.end);
}
