import { markdownBlocks, markdownOf, markdownSpans } from '@swe/domain';

/** What people write to mention an account: an App's without `[bot]`. */
function mentionOf(login: string): RegExp {
  const handle = login.replace(/\[bot\]$/, '').replaceAll(/[^\w-]/g, '');
  return new RegExp(`(?<![A-Za-z0-9/@])@${handle}(?:\\[bot\\])?(?![\\w-]|/)`, 'gi');
}

/** Whether `login` is spoken to: in code, or in what is quoted, nobody is. */
export function isMentioned(markdown: string, login: string): boolean {
  return markdownBlocks(markdown)
    .filter(({ kind }) => kind !== 'code')
    .map((block) => withoutQuotes(markdownOf(block)))
    .some((text) => mentionOf(login).test(withoutCode(text)));
}

export function withoutMention(markdown: string, login: string): string {
  return markdown
    .replaceAll(mentionOf(login), ' ')
    .replaceAll(/(?<=\S)[ \t]{2,}(?=\S)/g, ' ')
    .trim();
}

function withoutQuotes(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^ {0,3}>/.test(line))
    .join('\n');
}

function withoutCode(text: string): string {
  const codes = markdownSpans(text).filter(({ kind }) => kind === 'code');
  return codes.reduceRight((rest, { start, end }) => `${rest.slice(0, start)}\`\`${rest.slice(end)}`, text);
}
