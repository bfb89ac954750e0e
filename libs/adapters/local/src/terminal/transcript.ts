import { styleText } from 'node:util';
import { textOf } from '@swe/domain';
import type { AgentEvent, AgentObserver, Clock, CostOf, JsonValue, Outcome } from '@swe/domain';
import { z } from 'zod';
import { Bill } from './bill';
import { changeOf } from './file-change';
import type { ChangedLine } from './file-change';
import { duration, tokens } from './figures';
import { folded, printableIn } from './printable';
import { cut } from './width';
import { WordWrap, wrapped } from './word-wrap';

export interface TranscriptOptions {
  readonly write: (text: string) => void;
  /** Asked at every line: a terminal changes its size. */
  readonly columns: () => number;
  readonly colour: boolean;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly costOf: CostOf;
}

type Style = Parameters<typeof styleText>[0];
type AgentEventOf<T extends AgentEvent['type']> = Extract<AgentEvent, { type: T }>;

const question = z.object({ question: z.string().trim() });
/** The argument that says most about a call, for its one line. */
const TELLING_ARGUMENTS = ['command', 'pattern', 'path', 'repository', 'title', 'message'] as const;

/** Shows an agent at work, for a person at a terminal: words as they stream, tool calls, diffs, time, tokens, cost. */
export function transcript({ write, columns, colour, clock, costOf }: TranscriptOptions): AgentObserver {
  const startedMs = clock.monotonicMs();
  const bill = new Bill(costOf);
  const wrap = new WordWrap(columns);
  let model = '';
  const running = new Map<string, AgentEventOf<'tool.started'>>();
  let streamed = '';
  let asked = '';
  let ended = '';
  let opened = '';
  /** The call whose title was the last that was shown. */
  let titled = '';
  let streaming = false;
  let blank = '';

  const paint = (style: Style, value: string): string =>
    colour ? styleText(style, value, { validateStream: false }) : value;
  const line = (value = ''): void => write(`${value}\n`);
  const row = (style: Style, value: string): void => line(paint(style, cut(value, columns()).trimEnd()));
  const block = (lines: readonly string[], style: Style): void =>
    lines.forEach((each) => row(style, `    ${each}`));
  const paragraph = (style: Style, text: string, mark = ''): void =>
    wrapped(text, columns() - mark.length).forEach((each) => line(paint(style, `${mark}${each}`.trimEnd())));
  const quote = (text: string): void => paragraph('magenta', text, '| ');

  function endStream(): void {
    if (streaming) line(wrap.end());
    streaming = false;
    blank = '';
  }

  /** Blank space at either end of what is said is not shown, and nobody knows yet whether more follows. */
  function stream(delta: string): void {
    streamed += delta;
    const text = streaming ? `${blank}${delta}` : delta.trimStart();
    const piece = text.trimEnd();
    blank = text.slice(piece.length);
    if (piece === '') return;
    if (!streaming) line();
    streaming = true;
    write(wrap.add(piece));
  }

  function startTool(event: AgentEventOf<'tool.started'>): void {
    const { callId, name, input } = event;
    running.set(callId, event);
    const title = paint('yellow', `* ${name}`);
    const asks = question.safeParse(input);
    if (asks.success) {
      asked = asks.data.question;
      line(title);
      return quote(asked);
    }
    line(title + cut(titleOf(event).slice(name.length), columns() - name.length - 2));
  }

  function finishTool({
    callId,
    content: parts,
    isError,
    durationMs,
    ran,
    rules = [],
  }: AgentEventOf<'tool.finished'>): void {
    const started = running.get(callId);
    const underItsTitle = titled === callId;
    running.delete(callId);
    const change = isError ? undefined : changeOf(started?.input);
    if (change === undefined) block(folded(textOf(parts), 10, 8), 'dim');
    else change.forEach(({ sign, text }) => row(signStyle(sign), `    ${sign} ${text}`));
    const exit =
      ran === undefined || ran.exitCode === 0 || ran.exitCode === null ? '' : ` exit code ${ran.exitCode}`;
    const whose = underItsTitle || started === undefined ? '' : ` ${titleOf(started)}`;
    const time = ` (${duration(durationMs)})`;
    const verdict = `  ${isError ? 'x' : 'ok'}${exit}${whose}`;
    line(paint(isError ? 'red' : 'green', cut(verdict, columns() - time.length) + time));
    if (rules.length > 0) row('dim', `  rules: ${rules.join(', ')}`);
  }

  return (raw) => {
    const event = printableIn(raw);
    show(event);
    titled = event.type === 'tool.started' ? event.callId : '';
  };

  function show(event: AgentEvent): void {
    if (event.type !== 'text.streamed') endStream();
    switch (event.type) {
      case 'session.opened':
        // Opened again after every answer of the person's.
        if (event.sessionId === opened) return;
        opened = event.sessionId;
        return row('bold', `Session ${opened}: ${event.title}`);
      case 'message.admitted':
        line();
        return paragraph('cyan', event.text, '> ');
      case 'step.started':
        streamed = '';
        ({ model } = event);
        line();
        return row('dim', `--- step ${event.step} (${model})`);
      case 'text.streamed':
        return stream(event.text);
      case 'reasoning.streamed':
        return;
      case 'step.finished': {
        const { usage, durationMs, stop, failure } = event;
        const cost = bill.add(model, usage);
        const own = [duration(durationMs), usage && tokens(usage), cost];
        const all = [duration(clock.monotonicMs() - startedMs), bill.total];
        const trouble = stop === 'tool-use' || stop === 'end-turn' ? '' : ` - ${failure ?? stop}`;
        return paragraph('dim', `  [${listed(own)}; in all ${listed(all)}]${trouble}`);
      }
      case 'step.delayed': {
        const when = event.afterMs > 0 ? `again in ${duration(event.afterMs)}` : 'now';
        return paragraph('yellow', `  ${event.model} is asked ${when}: ${event.reason}`);
      }
      case 'context.compacted': {
        const [before, after] = [event.bytesBefore, event.bytesAfter].map((bytes) =>
          Math.round(bytes / 1000),
        );
        return paragraph('dim', `  [the conversation was made shorter: ${before} -> ${after} KB]`);
      }
      case 'workspace.restored':
        return event.note.split('\n').forEach((each) => paragraph('yellow', each, '  '));
      case 'session.parked':
        return;
      case 'session.waiting':
        return paragraph('dim', `  waits for ${event.reason}`);
      case 'tool.started':
        return startTool(event);
      case 'tool.finished':
        return finishTool(event);
      case 'post.delivered':
        // What was just shown is not said twice: that would hide that it is the same.
        if (event.attachment === undefined && [streamed, asked, ended].includes(event.body)) return;
        line();
        quote(event.body);
        if (event.attachment !== undefined) line(paint('magenta', `| ${event.attachment}`));
        return;
      case 'turn.finished': {
        const { outcome } = event;
        const told = outcome.kind === 'failed' && outcome.cause === streamed;
        ended = told ? 'Failed.' : outcomeText(outcome);
        line();
        return paragraph(outcome.kind === 'answered' ? 'green' : 'red', ended);
      }
    }
  }
}

/** A call in one line: the tool and what it is about. */
function titleOf({ name, input }: AgentEventOf<'tool.started'>): string {
  return `${name} ${argumentOf(input)}`.trimEnd();
}

function argumentOf(input: JsonValue): string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return '';
  const name = TELLING_ARGUMENTS.find((key) => typeof input[key] === 'string');
  return name === undefined ? '' : String(input[name]).replaceAll('\n', ' ; ');
}

function signStyle(sign: ChangedLine['sign']): Style {
  return sign === '+' ? 'green' : sign === '-' ? 'red' : 'dim';
}

function listed(figures: readonly (string | undefined)[]): string {
  return figures.filter((figure) => figure !== undefined).join(', ');
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'answered':
      return outcome.asksBack === true ? 'The agent asks you a question.' : 'Answered.';
    case 'failed':
      return `Failed: ${outcome.cause}`;
    case 'stopped':
      return 'Stopped.';
    case 'refused':
      return `Refused: ${outcome.reason}`;
    case 'cancelled':
      return 'Cancelled.';
    case 'command-result':
      return outcome.text;
  }
}
