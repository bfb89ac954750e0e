import { widthOf } from './width';

/** Between two of these a line may be broken without a space. */
const CJK = '\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\u3000-\\u303f\\uff00-\\uffef';
const OPENING = '「『（［｛【〈《';
const CLOSING = '」』）］｝】〉》、。，．：；？！ーっッゃゅょャュョ々…';
const TOKEN = new RegExp(
  `\\s+|[${OPENING}]*(?:[${CJK}]|[^\\s${CJK}]+)[${CLOSING}]*|[${OPENING}${CLOSING}]+`,
  'gu',
);
const FENCE = /^\s*(```|~~~)/;
/** After these, the further rows of a paragraph begin where its words do. */
const LIST_MARKER = /^(?:[-*+>]|\d+[.)])$/;

/**
 * Breaks streamed Markdown between words, so that no row takes more than the terminal's columns. What belongs
 * together stays so: fenced code, a table's row, and a word that is longer than a row are left to the terminal.
 */
export class WordWrap {
  readonly #columns: () => number;
  /** Of the line that isn't over, what isn't shown yet. */
  #held = '';
  /** Columns taken in the row. */
  #used = 0;
  /** Columns that further rows of the line are moved in by. */
  #indent = 0;
  #atLineStart = true;
  /** Spaces that are due should another word follow in this row. */
  #gap = '';
  #fence: string | undefined;

  constructor(columns: () => number) {
    this.#columns = columns;
  }

  /** Takes the next piece of text and gives what can be shown: the last word waits until it is known to be whole. */
  add(piece: string): string {
    const lines = `${this.#held}${piece}`.split('\n');
    this.#held = lines.pop() ?? '';
    const whole = lines.map((line) => `${this.#restOf(line)}\n`).join('');
    return whole + this.#wholeWords();
  }

  /** The rest. The next piece begins a new text. */
  end(): string {
    const rest = this.#restOf(this.#held);
    this.#held = '';
    this.#fence = undefined;
    return rest;
  }

  #restOf(line: string): string {
    const shown = this.#isVerbatim(line) ? this.#gap + this.#verbatim(line) : this.#place(tokensOf(line));
    this.#atLineStart = true;
    this.#gap = '';
    this.#used = 0;
    this.#indent = 0;
    return shown;
  }

  #wholeWords(): string {
    if (this.#isVerbatim(this.#held)) return '';
    const tokens = tokensOf(this.#held);
    this.#held = tokens.at(-1) ?? '';
    return this.#place(tokens.slice(0, -1));
  }

  #isVerbatim(line: string): boolean {
    return this.#fence !== undefined || (this.#atLineStart && (FENCE.test(line) || /^\s*\|/.test(line)));
  }

  #verbatim(line: string): string {
    const mark = FENCE.exec(line)?.[1];
    if (this.#fence === undefined) this.#fence = mark;
    else if (mark === this.#fence && line.trim().replaceAll(mark.charAt(0), '') === '') {
      this.#fence = undefined;
    }
    return line;
  }

  #place(tokens: readonly string[]): string {
    return tokens
      .map((token) => (token.trim() === '' ? this.#placeSpace(token) : this.#placeWord(token)))
      .join('');
  }

  #placeSpace(spaces: string): string {
    if (this.#atLineStart) this.#indent = Math.min(spaces.length, this.#columns() >> 1);
    this.#gap += spaces;
    return '';
  }

  #placeWord(word: string): string {
    const width = widthOf(word);
    const room = this.#columns() - this.#used - this.#gap.length;
    const breaks = !this.#atLineStart && width > room;
    const lead = breaks ? `\n${' '.repeat(this.#indent)}` : this.#gap;
    this.#used = (breaks ? this.#indent : this.#used + this.#gap.length) + width;
    if (this.#atLineStart && LIST_MARKER.test(word)) this.#indent = this.#used + 1;
    this.#atLineStart = false;
    this.#gap = '';
    return `${lead}${word}`;
  }
}

/** A text that is there as a whole, in rows. */
export function wrapped(text: string, columns: number): readonly string[] {
  const wrap = new WordWrap(() => columns);
  return `${wrap.add(text)}${wrap.end()}`.split('\n');
}

function tokensOf(line: string): readonly string[] {
  return line.match(TOKEN) ?? [];
}
