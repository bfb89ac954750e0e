import { markdownTable } from './markdown-table';
import { slackFuzz, totalOfSlack } from './slack-fuzz';
import type { SlackViolations } from './slack-oracle';
import { SLACK_PROTECTIONS } from './slack-protection';

const HISTORIES = 10_000;
const HISTORIES_OF_A_CONTROL = 1_000;

interface SlackRow {
  readonly name: string;
  readonly trials: string;
  readonly violations: SlackViolations;
}

/** The fuzz with every protection on, and with one off each. */
export interface SlackReport {
  readonly promised: SlackRow;
  readonly controls: readonly SlackRow[];
}

const COLUMNS = [
  ['messages without outcome', 'withoutOutcome'],
  ['with two', 'withTwoOutcomes'],
  ['with a wrong one', 'wrongOutcomes'],
  ['stored though for nobody here', 'uninvited'],
  ['under another’s name', 'misattributed'],
  ['edits lost', 'editsLost'],
  ['files lost', 'filesLost'],
  ['outcomes not seen', 'unseenOutcomes'],
  ['posts doubled', 'postsDoubled'],
  ['refusals not shown once', 'refusalsNotOnce'],
] as const satisfies readonly (readonly [string, keyof SlackViolations])[];

export async function measureSlack(seed: number): Promise<SlackReport> {
  const { histories, requests, deaths, forgeries, violations } = await slackFuzz(seed, HISTORIES);
  const trials = `${histories} histories in ${requests} requests, ${deaths} deaths, ${forgeries} forgeries`;
  const controls: SlackRow[] = [];
  for (const without of Object.values(SLACK_PROTECTIONS)) {
    const control = await slackFuzz(seed, HISTORIES_OF_A_CONTROL, without);
    const name = `not: ${without.name}`;
    controls.push({ name, trials: `${control.histories} histories`, violations: control.violations });
  }
  return { promised: { name: 'Slack event sequences', trials, violations }, controls };
}

export const isSlackKept = ({ promised }: SlackReport): boolean => totalOfSlack(promised.violations) === 0;

export const toothlessOfSlack = ({ controls }: SlackReport): number =>
  controls.filter(({ violations }) => totalOfSlack(violations) === 0).length;

export function slackTable({ promised, controls }: SlackReport): string {
  return markdownTable(
    ['', 'trials', ...COLUMNS.map(([name]) => name)],
    [promised, ...controls].map(({ name, trials, violations }) => [
      name,
      trials,
      ...COLUMNS.map(([, key]) => String(violations[key])),
    ]),
  );
}
