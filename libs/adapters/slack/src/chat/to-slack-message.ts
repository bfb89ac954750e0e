import { cellsOf, markdownBlocks, markdownOf, separatorBefore } from '@swe/domain';
import type { CodeBlock, MarkdownBlock, TableBlock } from '@swe/domain';
import type { MarkdownBlock as SlackMarkdown, RichTextBlock } from '@slack/types';
import { disarmCode, disarmProse } from './disarm';
import { fallbackText } from './fallback-text';
import { MAX_BLOCKS, MAX_COLUMNS, MAX_MARKDOWN, MAX_ROWS } from './slack-limits';

/** What `chat.postMessage` takes. A message has no other blocks of words, so that its limits are this one's. */
export interface SlackMessage {
  /** What a notification and a screen reader tell, in plain words. */
  readonly text: string;
  readonly blocks: readonly [SlackMarkdown | RichTextBlock];
}

/**
 * One part of an answer, at most `MAX_BODY_LENGTH` long, as one message. Slack itself renders its Markdown; what Slack
 * would read as a token is disarmed, what Slack would refuse is said more plainly. A part that grows too long by that
 * is shown as it is written.
 */
export function toSlackMessage(part: string): SlackMessage {
  const words = cleaned(part);
  const markdown = slackMarkdown(words);
  const fits = markdown.trim() !== '' && markdown.length <= MAX_MARKDOWN;
  return {
    text: fallbackText(words) || '…',
    blocks: [fits ? { type: 'markdown', text: markdown } : asWritten(words.trim() === '' ? '…' : words)],
  };
}

/** Without what no chat shows: control characters and halves of characters. */
function cleaned(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/(?![\n\t])\p{Cc}/gu, '');
}

function slackMarkdown(words: string): string {
  const blocks = markdownBlocks(words);
  const isCrowded = blocksTaken(blocks) > MAX_BLOCKS;
  return blocks
    .map((block, index) => (index === 0 ? '' : separatorBefore(block)) + rendered(block, isCrowded))
    .join('');
}

/** How many blocks Slack makes of it at most: headings, rules and tables stand alone, between two of them is one more. */
function blocksTaken(blocks: readonly MarkdownBlock[]): number {
  const alone = blocks.filter(({ kind }) => kind === 'heading' || kind === 'rule' || kind === 'table');
  return 2 * alone.length + 1;
}

function rendered(block: MarkdownBlock, isCrowded: boolean): string {
  switch (block.kind) {
    case 'code':
      return disarmCode(markdownOf(block));
    case 'table':
      return isCrowded || isTooLarge(block)
        ? disarmCode(markdownOf(asCode(block)))
        : disarmProse(markdownOf(block));
    case 'heading':
      return disarmProse(isCrowded ? asBold(block.text) : block.text);
    case 'rule':
      return isCrowded ? '———' : block.text;
    case 'text':
      return disarmProse(block.text);
  }
}

function isTooLarge({ header, rows }: TableBlock): boolean {
  const [names = ''] = header.split('\n');
  return rows.length + 1 > MAX_ROWS || cellsOf(names).length > MAX_COLUMNS;
}

function asCode(table: TableBlock): CodeBlock {
  const lines = markdownOf(table).split('\n');
  // No line of a table starts with it.
  const marks = '~~~';
  return {
    kind: 'code',
    gap: table.gap,
    opening: marks,
    lines,
    closing: marks,
    marks,
    info: '',
    quote: '',
    indent: 0,
  };
}

function asBold(heading: string): string {
  const words = heading
    .trim()
    .replace(/^#+[ \t]*/, '')
    .replace(/[ \t]#+$/, '')
    .trim();
  return words === '' || words.includes('**') ? words : `**${words}**`;
}

function asWritten(text: string): RichTextBlock {
  const preformatted = {
    type: 'rich_text_preformatted' as const,
    elements: [{ type: 'text' as const, text }],
  };
  return { type: 'rich_text', elements: [preformatted] };
}
