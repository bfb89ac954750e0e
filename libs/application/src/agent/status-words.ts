import type { SessionTotals, ToolCallContent } from '@swe/domain';
import type { TodoItem } from '../tools/todo';
import { onOneLine } from './on-one-line';

export type WorkState = 'working' | 'paused' | 'awaiting-checks' | 'waiting' | 'done' | 'stopped' | 'failed';

/** A session's work as people follow it. */
export interface WorkStatus {
  readonly state: WorkState;
  /** Until when a wait goes on at the latest, where that is known. Unix milliseconds. */
  readonly untilMs?: number;
  readonly plan: readonly TodoItem[];
  /** Tool calls under way. */
  readonly running: readonly Pick<ToolCallContent, 'name' | 'input'>[];
  /** Absent where nobody knows. */
  readonly elapsedMs?: number;
  readonly totals: SessionTotals;
  /** Absent where no price is known; `isWhole` is false where some are not. */
  readonly cost?: { readonly usd: number; readonly isWhole: boolean };
}

/** A status as Markdown, in the parts that change at different paces. Together they are below 4,000 characters. */
export interface StatusWords {
  readonly state: string;
  /** What is being done right now; empty while the model thinks, and when nothing is. */
  readonly doing: string;
  readonly plan: string;
  readonly figures: string;
}

const STATES: Readonly<Record<WorkState, string>> = {
  working: 'Working',
  paused: 'Paused, I go on by myself',
  'awaiting-checks': 'Waiting for checks',
  waiting: 'Waiting for you',
  done: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
};

const MAX_COMMAND = 60;
const MAX_TOOLS = 3;
const MAX_ITEMS = 15;
const MAX_ITEM = 120;

export function statusWords({
  state,
  untilMs,
  plan,
  running,
  elapsedMs,
  totals,
  cost,
}: WorkStatus): StatusWords {
  return {
    state: untilMs === undefined ? STATES[state] : `${STATES[state]} until ${timeOfDay(untilMs)}`,
    doing: state === 'working' ? doingWords(running) : '',
    plan: planWords(plan),
    figures: figureWords(totals, elapsedMs, cost),
  };
}

export function statusBody({ state, doing, plan, figures }: StatusWords): string {
  const head = doing === '' ? `**${state}**` : `**${state}**: ${doing}`;
  return [head, plan, figures].filter((part) => part !== '').join('\n\n');
}

/** What goes on from the agent's name, without markup (`ChatPost.activity`). */
export function activityWords(state: WorkState, { doing }: Pick<StatusWords, 'doing'>): string {
  if (state !== 'working') return '';
  return doing === '' ? 'is thinking...' : `is running ${doing.replaceAll('`', '')}`;
}

/** Nobody's time zone is known, and no wait is longer than a day. */
function timeOfDay(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 16)} UTC`;
}

function doingWords(running: WorkStatus['running']): string {
  const names = running.slice(0, MAX_TOOLS).map(callWords);
  const more = running.length - names.length;
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function callWords({ name, input }: Pick<ToolCallContent, 'name' | 'input'>): string {
  const command = name === 'bash' ? commandOf(input) : undefined;
  return command === undefined ? onOneLine(name) : `${name} \`${cut(command, MAX_COMMAND)}\``;
}

/** No backtick of a command's own may end the code that it is shown as. */
function commandOf(input: ToolCallContent['input']): string | undefined {
  if (typeof input !== 'object' || input === null || !('command' in input)) return undefined;
  const { command } = input;
  if (typeof command !== 'string' || command.trim() === '') return undefined;
  return onOneLine(command).replaceAll('`', "'");
}

/** Of a long plan what is done goes first, then what comes last. */
function planWords(plan: readonly TodoItem[]): string {
  const firstOpen = plan.findIndex(({ status }) => status !== 'done');
  const lastStart = Math.max(0, plan.length - MAX_ITEMS);
  const start = Math.min(lastStart, firstOpen === -1 ? lastStart : firstOpen);
  const shown = plan.slice(start, start + MAX_ITEMS);
  const after = plan.length - start - shown.length;
  return [
    ...(start > 0 ? [`- [x] ${start} more`] : []),
    ...shown.map(itemWords),
    ...(after > 0 ? [`- [ ] ${after} more`] : []),
  ].join('\n');
}

function itemWords({ text, status }: TodoItem): string {
  const words = cut(onOneLine(text), MAX_ITEM);
  if (status === 'doing') return `- [ ] **${words.replaceAll('**', '')}**`;
  return `- [${status === 'done' ? 'x' : ' '}] ${words}`;
}

function figureWords(
  { steps, usage }: SessionTotals,
  elapsedMs: number | undefined,
  cost: WorkStatus['cost'],
): string {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const tokens = inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
  return [
    ...(elapsedMs === undefined ? [] : [elapsedWords(elapsedMs)]),
    `${steps} ${steps === 1 ? 'step' : 'steps'}`,
    `${tokens.toLocaleString('en-US')} tokens`,
    ...(cost === undefined ? [] : [costWords(cost)]),
  ].join(' · ');
}

function elapsedWords(elapsedMs: number): string {
  const minutes = Math.floor(elapsedMs / 60_000);
  return minutes === 0 ? 'under a minute' : `${minutes} min`;
}

function costWords({ usd, isWhole }: NonNullable<WorkStatus['cost']>): string {
  const dollars = usd > 0 && usd < 0.01 ? 'under $0.01' : `$${usd.toFixed(2)}`;
  return isWhole ? dollars : `at least $${usd.toFixed(2)}`;
}

function cut(words: string, max: number): string {
  const characters = [...words];
  return characters.length <= max ? words : `${characters.slice(0, max).join('')}…`;
}
