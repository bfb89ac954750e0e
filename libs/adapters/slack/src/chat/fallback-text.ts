import { markdownBlocks, markdownOf } from '@swe/domain';
import type { MarkdownBlock } from '@swe/domain';
import { MAX_TEXT } from './slack-limits';

/** Three signs become entities of up to five characters. */
const WORST_GROWTH = 5;

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * An answer in plain words: a phone's notifications and screen readers have it instead of the blocks. Escaped as
 * https://docs.slack.dev/messaging/formatting-message-text asks; it holds no token.
 */
export function fallbackText(markdown: string): string {
  const words = markdownBlocks(markdown).map(plainOf).join('\n').trim();
  const text = escaped(shortened(words, MAX_TEXT * 0.9));
  return text.length <= MAX_TEXT ? text : escaped(shortened(words, MAX_TEXT / WORST_GROWTH - 1));
}

function plainOf(block: MarkdownBlock): string {
  if (block.kind === 'code') return block.lines.join('\n');
  if (block.kind === 'rule') return '';
  return markdownOf(block)
    .replaceAll(/^ {0,3}#{1,6}[ \t]+/gm, '')
    .replaceAll(/!?\[([^[\]\n]*)\]\([^()\s]*\)/g, '$1')
    .replaceAll(/\*\*|__|~~|`/g, '');
}

function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = characters.segment(text.slice(0, length + 64)).containing(length - 1)?.index ?? length - 1;
  return `${text.slice(0, end)}…`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
