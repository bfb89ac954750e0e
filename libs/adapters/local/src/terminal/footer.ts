import { styleText } from 'node:util';
import type { Activity, Running } from './activity';
import { wholeSeconds } from './figures';
import type { Typed } from './keyboard';
import { printable } from './printable';
import type { Footer } from './screen';
import { cut, rowsOf, widthOf } from './width';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
/** How long a frame of the spinner stays. */
export const FRAME_MS = 100;

export interface FooterOptions {
  readonly columns: number;
  readonly colour: boolean;
  readonly nowMs: number;
}

/** What stays below a transcript: what runs and for how long, what is still to be read, and the prompt. */
export function footerOf(activity: Activity, typed: Typed | undefined, options: FooterOptions): Footer {
  // The last column stays free: a terminal moves on by itself once it is written to.
  const columns = options.columns - 1;
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    options.colour ? styleText(style, text, { validateStream: false }) : text;

  const status = statusOf(activity.running, options.nowMs);
  const above = [
    ...(status === undefined ? [] : [status]),
    ...activity.unread.map((words) => `  to be read after this step: ${oneLine(words)}`),
  ].map((line) => cut(line, columns));
  if (typed === undefined) {
    return { lines: above.map((line) => paint('dim', line)), cursor: widthOf(above.at(-1) ?? '') };
  }
  const { label, before, after, hint } = promptOf(activity, typed, columns);
  return {
    lines: [
      ...above.map((line) => paint('dim', line)),
      paint('cyan', label) + before + after + paint('dim', hint),
    ],
    cursor: widthOf(label + before),
  };
}

/** What runs and for how long; undefined when nothing does. */
export function statusOf(running: readonly Running[], nowMs: number): string | undefined {
  const latest = running.at(-1);
  if (latest === undefined) return undefined;
  return `${FRAMES[Math.floor(nowMs / FRAME_MS) % FRAMES.length] ?? FRAMES[0]} ${whatRuns(latest, running, nowMs)}`;
}

function whatRuns(latest: Running, running: readonly Running[], nowMs: number): string {
  switch (latest.kind) {
    case 'model':
      return `the model ${latest.does}, ${wholeSeconds(nowMs - latest.sinceMs)}`;
    case 'pause':
      return `${latest.why} in ${wholeSeconds(latest.untilMs - nowMs)}`;
    case 'tool': {
      const tools = running.filter((each) => each.kind === 'tool');
      const names = Map.groupBy(tools, ({ name }) => printable(name));
      const shown = [...names].map(([name, { length }]) => (length === 1 ? name : `${length} x ${name}`));
      return `${shown.join(', ')}, ${wholeSeconds(nowMs - Math.min(...tools.map(({ sinceMs }) => sinceMs)))}`;
    }
  }
}

interface Prompt {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly hint: string;
}

/** One row with the cursor in it, however long the line is. */
function promptOf({ asks }: Activity, { before, after, pasted }: Typed, columns: number): Prompt {
  const label = `${pasted > 0 ? `[${pasted} more ${pasted === 1 ? 'line' : 'lines'}] ` : ''}${asks ? 'answer> ' : '> '}`;
  const room = Math.max(1, columns - widthOf(label));
  const left = lastColumns(oneLine(before), room);
  const right = rowsOf(oneLine(after), Math.max(1, room - widthOf(left)))[0] ?? '';
  const isEmpty = before === '' && after === '' && pasted === 0;
  const hint = asks ? 'the agent waits for your answer' : 'a word to the agent; Ctrl-C stops it';
  return {
    label,
    before: left,
    after: widthOf(left + right) > room ? '' : right,
    hint: isEmpty ? cut(hint, room) : '',
  };
}

function lastColumns(line: string, columns: number): string {
  const characters = Array.from(new Intl.Segmenter().segment(line), ({ segment }) => segment);
  let from = characters.length;
  for (let left = columns; from > 0; from -= 1) {
    left -= widthOf(characters[from - 1] ?? '');
    if (left < 0) break;
  }
  return characters.slice(from).join('');
}

function oneLine(text: string): string {
  return printable(text).replaceAll('\n', ' ; ');
}
