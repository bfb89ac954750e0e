import { isGrantedMore, nanoUsdWords, spentWords } from '@swe/domain';
import type { InboxItem, LedgerReport, Session, SessionStatus } from '@swe/domain';

/** What a session has spent, and what it may. */
export interface Money extends Pick<LedgerReport, 'spentNanoUsd' | 'estimatedNanoUsd'> {
  readonly capNanoUsd: number;
}

/** What is spent in a month, in nano-US-dollars. */
export interface MonthsMoney {
  /** `2026-11` */
  readonly month: string;
  /** By the sessions of whoever asked for this one. */
  readonly requesterNanoUsd: number;
  readonly allNanoUsd: number;
}

/** What goes on from "the session". */
export const STANDING: Readonly<Record<SessionStatus, string>> = {
  queued: 'waits for a machine',
  starting: 'gets its machine',
  working: 'is being worked on',
  waiting: 'waits for your next message',
  draining: 'is about to sleep',
  asleep: 'sleeps until your next message',
  ended: 'has ended',
  failed: 'can’t go on by itself',
};

/** Where a session stands, as Markdown. */
export function statusWords(session: Session, money: Money): string {
  const { id, title, status, failure, repositories, pullRequests, totals, model, workflowLeave } = session;
  const isOut = session.deniedCapNanoUsd !== undefined && !isGrantedMore(session, money.capNanoUsd);
  const facts: readonly (readonly [string, string])[] = [
    ['Session', `\`${id}\` ${STANDING[status]}`],
    ...(failure === undefined ? [] : [['Trouble', failure] as const]),
    ...(repositories.length === 0 ? [] : [['Repositories', repositories.join(', ')] as const]),
    ...(pullRequests.length === 0
      ? []
      : [['Pull requests', pullRequests.map(({ url }) => url).join(', ')] as const]),
    [
      'Work so far',
      `${totals.steps} ${totals.steps === 1 ? 'step' : 'steps'}${model === undefined ? '' : ` with ${model}`}`,
    ],
    ['Spent', spentWords(money.spentNanoUsd, money.capNanoUsd)],
    ...(workflowLeave === undefined
      ? []
      : [['Workflow files', `may be changed, as ${nameOf(workflowLeave.by)} allowed`] as const]),
    ...(isOut
      ? [['Budget', 'does not cover the next step: `budget <US dollars>` sets a higher one'] as const]
      : []),
  ];
  return [`**${title}**`, '', ...facts.map(([name, words]) => `- ${name}: ${words}`)].join('\n');
}

/** What a session cost so far, and what it may, as Markdown. */
export function costWords(
  { totals }: Session,
  { spentNanoUsd, estimatedNanoUsd, capNanoUsd }: Money,
  { month, requesterNanoUsd, allNanoUsd }: MonthsMoney,
): string {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = totals.usage;
  const estimated =
    estimatedNanoUsd === 0
      ? ''
      : `, ${nanoUsdWords(estimatedNanoUsd)} of it at the most that calls may have cost which nobody reported`;
  return [
    `- ${spentWords(spentNanoUsd, capNanoUsd)}${estimated}`,
    `- ${count(inputTokens)} tokens read, ${count(cacheReadTokens)} from and ${count(cacheWriteTokens)} into the cache, ${count(outputTokens)} written`,
    `- in ${month}: ${nanoUsdWords(requesterNanoUsd)} by all sessions of who asked for this one, ${nanoUsdWords(allNanoUsd)} by everybody’s`,
  ].join('\n');
}

const ITEMS = 20;
const CHARACTERS = 120;

/** What was asked of a session and what came of it, the latest last, as Markdown. */
export function historyWords(items: readonly InboxItem[]): string {
  const shown = items.slice(-ITEMS);
  const left = items.length - shown.length;
  const lines = shown.map(({ body, outcome }) => {
    const words = body.kind === 'text' ? body.text.trim().replaceAll(/\s+/g, ' ') : body.command;
    const short = [...words].length > CHARACTERS ? `${[...words].slice(0, CHARACTERS).join('')} ...` : words;
    return `- ${short || '(no words)'} (${outcome === undefined ? 'open' : outcome.kind.replace('-', ' ')})`;
  });
  return [...(left === 0 ? [] : [`${left} earlier messages, then:`]), ...lines].join('\n');
}

/** Somebody as their chat knows them. */
export const nameOf = (requester: string): string => `\`${requester.slice(requester.lastIndexOf('/') + 1)}\``;

const count = (tokens: number): string => tokens.toLocaleString('en-US');
