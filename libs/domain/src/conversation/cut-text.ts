import { markdownSpans } from './markdown-spans';

/** A span that takes more than this of the room is cut all the same. */
const LONGEST_SPAN = 3 / 4;
const SENTENCE_END = /[.!?:;…。！？]/;
/** What belongs to the character before it. */
const JOINED = /^[\p{M}\u200d\p{Emoji_Modifier}]/u;

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Where Markdown prose is best cut to fit into `room`: behind a line, else a sentence, else a word, never inside a
 * link, inline code or an escaped character. Undefined when the second half of the room offers no such place.
 */
export function softCut(text: string, room: number): number | undefined {
  const ranges = [...uncuttable(text, room)];
  let sentence: number | undefined;
  let word: number | undefined;
  for (let at = Math.min(room, text.length); at > room / 2; at -= 1) {
    while ((ranges.at(-1)?.start ?? -1) >= at) ranges.pop();
    if (at < (ranges.at(-1)?.end ?? 0) || JOINED.test(text.slice(at, at + 2))) continue;
    const before = text[at - 1] ?? '';
    if (before === '\n') return at;
    const isSpace = before === ' ' || before === '\t';
    if (isSpace) word ??= at;
    if (/[。！？]/.test(before) || (isSpace && SENTENCE_END.test(text[at - 2] ?? ''))) sentence ??= at;
  }
  return sentence ?? word;
}

/** The last place within `room` that is inside no character and, as far as possible, no link or inline code. */
export function hardCut(text: string, room: number): number {
  const around = uncuttable(text, room).find(({ start, end }) => start < room && room < end);
  return characterStart(text, around?.start ?? room);
}

/** The start of the character (as people see it) that `at` is in. One that fills all the room is cut. */
export function characterStart(text: string, at: number): number {
  const start = characters.segment(text.slice(0, at + 64)).containing(at)?.index ?? at;
  if (start > 0) return start;
  const isHalf = /[\udc00-\udfff]/.test(text[at] ?? '') && /[\ud800-\udbff]/.test(text[at - 1] ?? '');
  return isHalf && at > 1 ? at - 1 : at;
}

/** Ranges that must not be cut, in order and apart. */
function uncuttable(text: string, room: number): readonly Range[] {
  const ranges: Range[] = [];
  const spans = markdownSpans(text.slice(0, room * 2))
    .filter(({ start, end }) => end - start <= room * LONGEST_SPAN)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  for (const { start, end } of spans) {
    const last = ranges.at(-1);
    if (last === undefined || start >= last.end) ranges.push({ start, end });
  }
  return ranges;
}
