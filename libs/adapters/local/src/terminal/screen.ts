import { rowsOf, widthOf } from './width';

/** Where a screen draws: a terminal, or anything else that takes text. */
export interface ScreenOutput {
  /** Absent when it is no terminal. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** What stays below the output: lines shorter than a row, and the column in the last one where the cursor stands. */
export interface Footer {
  readonly lines: readonly string[];
  readonly cursor: number;
}

const NO_FOOTER: Footer = { lines: [], cursor: 0 };
/** For output that is no terminal: logs and files. */
const COLUMNS_ELSEWHERE = 110;

/**
 * Output that grows, with a footer that stays below it. The footer is taken away, and drawn again, with every write;
 * without one, what is written passes unchanged. Escape sequences are allowed in whole lines only.
 *
 * The cursor is never hidden, so that no end of the process, however sudden, can leave it hidden.
 */
export class Screen {
  readonly #output: ScreenOutput;
  /** The row that output goes on in. */
  #openRow = '';
  #footer: Footer = NO_FOOTER;

  constructor(output: ScreenOutput) {
    this.#output = output;
  }

  /** Follows the terminal's size. */
  get columns(): number {
    return this.#output.columns ?? COLUMNS_ELSEWHERE;
  }

  write(text: string): void {
    if (this.#footer.lines.length === 0) {
      this.#output.write(text);
      this.#openRow = this.#rowAfter(text);
      return;
    }
    const openRow = this.#openRow;
    const erased = this.#erased();
    this.#openRow = this.#rowAfter(text);
    this.#output.write(erased + openRow + text + this.#drawn());
  }

  /** Writes on a line of its own, also when another one isn't over. */
  writeLine(text: string): void {
    this.write(this.#openRow === '' ? text : `\n${text}`);
  }

  show(footer: Footer): void {
    const before = this.#footer;
    if (before.lines.length === 0 && footer.lines.length === 0) return;
    const erased = before.lines.length === 0 ? '' : this.#erased() + this.#openRow;
    this.#footer = footer;
    this.#output.write(erased + this.#drawn());
  }

  clear(): void {
    this.show(NO_FOOTER);
  }

  /** For sequences that change a mode of the terminal and show nothing. */
  control(sequence: string): void {
    this.#output.write(sequence);
  }

  #rowAfter(text: string): string {
    const line = `${this.#openRow}${text}`;
    return rowsOf(line.slice(line.lastIndexOf('\n') + 1), this.columns).at(-1) ?? '';
  }

  /** From the footer's cursor to the beginning of the open row, which goes too: no other way tells where it ends. */
  #erased(): string {
    const { lines, cursor } = this.#footer;
    // A terminal that has become narrower since has broken what was drawn into more rows.
    const above = (this.#openRow === '' ? lines : [this.#openRow, ...lines]).slice(0, -1);
    const up = above.reduce(
      (rows, line) => rows + this.#rowsTaken(widthOf(line)),
      this.#rowsTaken(cursor + 1) - 1,
    );
    return `\r${up > 0 ? `\u001b[${up}A` : ''}\u001b[J`;
  }

  #rowsTaken(width: number): number {
    return Math.max(1, Math.ceil(width / this.columns));
  }

  #drawn(): string {
    const { lines, cursor } = this.#footer;
    if (lines.length === 0) return '';
    const begin = this.#openRow === '' ? '' : '\n';
    return `${begin}${lines.join('\n')}\r${cursor > 0 ? `\u001b[${cursor}C` : ''}`;
  }
}
