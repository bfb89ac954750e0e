import { styleText } from 'node:util';
import { diffLines } from 'diff';
import { textOf } from '@swe/domain';
import type { AgentEvent, AgentObserver, Clock, JsonValue, Outcome, Usage } from '@swe/domain';
import { z } from 'zod';
import { folded, printableIn } from './printable';

export interface TranscriptOptions {
  readonly write: (text: string) => void;
  readonly columns: number;
  readonly colour: boolean;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

type Style = Parameters<typeof styleText>[0];
type AgentEventOf<T extends AgentEvent['type']> = Extract<AgentEvent, { type: T }>;

const edits = z.object({ edits: z.array(z.object({ oldText: z.string(), newText: z.string() })) });
const content = z.object({ content: z.string() });
/** The argument that says most about a call, for its one line. */
const TELLING_ARGUMENTS = [
  'command',
  'pattern',
  'path',
  'repository',
  'title',
  'message',
  'question',
] as const;

/** Shows an agent at work, for a person at a terminal: words as they stream, tool calls, diffs, time and tokens. */
export function transcript({ write, columns, colour, clock }: TranscriptOptions): AgentObserver {
  const startedMs = clock.monotonicMs();
  const running = new Map<string, AgentEventOf<'tool.started'>>();
  let streamed = '';
  let streaming = false;

  const paint = (style: Style, value: string): string =>
    colour ? styleText(style, value, { validateStream: false }) : value;
  const line = (value = ''): void => write(`${value}\n`);
  const cut = (value: string, room = columns): string =>
    value.length > room ? `${value.slice(0, Math.max(0, room - 3))}...` : value;
  const block = (lines: readonly string[], style: Style): void =>
    lines.forEach((each) => line(paint(style, cut(`    ${each}`))));

  function endStream(): void {
    if (streaming) line();
    streaming = false;
  }

  function stream(delta: string): void {
    const shown = delta;
    write(streaming ? shown : `\n${shown.trimStart()}`);
    streaming = true;
    streamed += delta;
  }

  function finishTool({
    callId,
    name,
    content: parts,
    isError,
    durationMs,
    ran,
  }: AgentEventOf<'tool.finished'>): void {
    const started = running.get(callId);
    running.delete(callId);
    const change = isError ? undefined : changeOf(started?.input);
    if (change === undefined) block(folded(textOf(parts), 10, 8), 'dim');
    else change.forEach(({ sign, text }) => line(paint(signStyle(sign), cut(`    ${sign} ${text}`))));
    const exit =
      ran === undefined || ran.exitCode === 0 || ran.exitCode === null ? '' : ` exit code ${ran.exitCode}`;
    const whose = running.size > 0 ? ` ${name}` : '';
    const verdict = `  ${isError ? 'x' : 'ok'}${whose}${exit} (${seconds(durationMs)})`;
    line(paint(isError ? 'red' : 'green', verdict));
  }

  return (raw) => {
    const event = printableIn(raw);
    if (event.type !== 'text.streamed') endStream();
    switch (event.type) {
      case 'session.opened':
        return line(paint('bold', `Session ${event.sessionId}: ${cut(event.title)}`));
      case 'message.admitted':
        line(paint('cyan', `\n> ${event.text.replaceAll('\n', '\n> ')}`));
        return;
      case 'step.started':
        streamed = '';
        return line(paint('dim', `\n--- step ${event.step} (${event.model})`));
      case 'text.streamed':
        return stream(event.text);
      case 'reasoning.streamed':
        return;
      case 'step.finished': {
        const { usage, durationMs, stop, failure } = event;
        const ended = stop === 'tool-use' || stop === 'end-turn' ? '' : ` - ${failure ?? stop}`;
        const total = seconds(clock.monotonicMs() - startedMs);
        const tokens = usage === undefined ? '' : `, ${tokensText(usage)}`;
        return line(paint('dim', `  [${seconds(durationMs)}${tokens}; ${total} in all]${ended}`));
      }
      case 'step.delayed': {
        const when = event.afterMs > 0 ? `again in ${seconds(event.afterMs)}` : 'now';
        return line(paint('yellow', `  ${event.model} is asked ${when}: ${event.reason}`));
      }
      case 'session.parked':
        return;
      case 'tool.started':
        running.set(event.callId, event);
        return line(
          `${paint('yellow', `* ${event.name}`)} ${cut(argumentOf(event.input), columns - event.name.length - 3)}`,
        );
      case 'tool.finished':
        return finishTool(event);
      case 'post.delivered':
        // The last answer was just streamed; saying it twice would hide that it is the same.
        if (event.body === streamed) return;
        line(paint('magenta', `\n| ${event.body.replaceAll('\n', '\n| ')}`));
        if (event.attachment !== undefined) line(paint('magenta', `| ${event.attachment}`));
        return;
      case 'turn.finished': {
        const { outcome } = event;
        const told = outcome.kind === 'failed' && outcome.cause === streamed;
        return line(
          paint(
            outcome.kind === 'answered' ? 'green' : 'red',
            `\n${told ? 'Failed.' : outcomeText(outcome)}`,
          ),
        );
      }
    }
  };
}

function argumentOf(input: JsonValue): string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return '';
  const name = TELLING_ARGUMENTS.find((key) => typeof input[key] === 'string');
  return name === undefined ? '' : String(input[name]).replaceAll('\n', ' ; ');
}

interface ChangedLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** What an edit or a new file changes, as the lines of a diff; undefined for tools that change no file. */
function changeOf(input: JsonValue | undefined): readonly ChangedLine[] | undefined {
  const edited = edits.safeParse(input);
  if (edited.success) return edited.data.edits.flatMap(({ oldText, newText }) => diffOf(oldText, newText));
  const written = content.safeParse(input);
  if (written.success) return folded(written.data.content, 8, 4).map((text) => ({ sign: '+', text }));
  return undefined;
}

function diffOf(oldText: string, newText: string): readonly ChangedLine[] {
  const parts = diffLines(
    oldText.endsWith('\n') ? oldText : `${oldText}\n`,
    newText.endsWith('\n') ? newText : `${newText}\n`,
  );
  return parts.flatMap(({ added, removed, value }) =>
    folded(value, 12, 4).map((text) => ({ sign: added ? '+' : removed ? '-' : ' ', text }) as const),
  );
}

function signStyle(sign: ChangedLine['sign']): Style {
  return sign === '+' ? 'green' : sign === '-' ? 'red' : 'dim';
}

function tokensText({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): string {
  const cached = cacheReadTokens > 0 ? ` (${count(cacheReadTokens)} from cache)` : '';
  return `${count(inputTokens + cacheReadTokens + cacheWriteTokens)} tokens in${cached}, ${count(outputTokens)} out`;
}

function count(tokens: number): string {
  return tokens < 10_000 ? String(tokens) : `${(tokens / 1000).toFixed(1)}k`;
}

function seconds(ms: number): string {
  const s = ms / 1000;
  return s < 60 ? `${s.toFixed(1)} s` : `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`;
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
