import { BUILT_IN_MODELS, findModel } from '@swe/domain';
import { markdownTable } from '../reliability/markdown-table';
import { ANCESTOR, ANCESTOR_LINES, ANCESTOR_TOTAL, ASSUMED } from './ancestor';
import { totalOf } from './cost-line';
import type { CostLine } from './cost-line';
import type { Deployed } from './deployed';
import { freeOfIdle, idleLines } from './idle';
import { GUESSED, KEPT, monthLines } from './month';
import type { MonthOptions } from './month';
import { PRICES, SPOT_SHARE } from './prices';

const MODELS = [
  'bedrock/global.anthropic.claude-opus-5-5',
  'bedrock/global.anthropic.claude-sonnet-5-5',
] as const;
const IDLE_GOAL_USD = 1;

export interface CostPageOptions {
  readonly deployed: Deployed;
  /** As docs/performance.json has it. */
  readonly cachedShare: number;
}

/** The page about what the system costs on AWS, in Markdown. */
export function costPage({ deployed, cachedShare }: CostPageOptions): string {
  const usual: MonthOptions = { machine: 'Graviton', isSpot: false, cachedShare, model: MODELS[0] };
  const idle = idleLines(deployed);
  const idleUsd = totalOf(idle);
  const belowGoal = (usd: number): string => (usd < IDLE_GOAL_USD ? 'reached' : 'not reached');
  const paid = idleUsd - freeOfIdle(deployed);
  return `# What it costs

Made by \`npm run cost\` (\`tools/cost\`): a model of the system with dated prices of us-east-1. A test holds the page to it. It is a model, not a bill: \`swe cost\` tells what models really cost, the account's bill the rest.

A month here has ${ASSUMED.sessions} sessions of an hour's work, each with ${count(ASSUMED.inputTokens)} input and ${count(ASSUMED.outputTokens)} output tokens. Other numbers of sessions cost in proportion.

## The month, by how it is run

${markdownTable(
  ['machines', 'prompt cache', ...MODELS.map((model) => `with ${model.split('.').at(-1)}, USD`)],
  variantsOf(cachedShare).map(({ words, ...options }) => [
    ...words,
    ...MODELS.map((model) => usd(totalOf(monthLines(deployed, { ...options, model })))),
  ]),
)}

As it is deployed without further settings: Graviton, on demand, with the cache. ${(100 * cachedShare).toFixed(0)} % of the input is read from the provider's cache in the long session of [performance.md](performance.md); a short one reads less. All other input is taken as written to the cache, which costs more than plain input. Spot is a market's price, here ${100 * SPOT_SHARE} % of the one on demand (\`SWE_SPOT\`); a spot machine's disk goes when it is stopped.

## The usual month, line by line

${linesTable(monthLines(deployed, usual))}

A machine runs for its work, ${GUESSED.bootMinutes} minutes to come up, and ${KEPT.idleMinutes} minutes in which nobody says anything; its disk is kept for ${KEPT.diskHours} hours after that. What is guessed (${GUESSED.steps} steps a session, sizes, numbers of requests) is in \`tools/cost/month.ts\`, on the safe side.

## Idle

What a month costs in which nobody works:

${linesTable(idle)}

By list prices the goal of less than ${IDLE_GOAL_USD} USD is ${belowGoal(idleUsd)}: ${usd(idleUsd)} USD. CloudWatch gives every account ten alarms and three dashboards a month; where they are not used up by others, ${usd(paid)} USD are paid, and the goal is ${belowGoal(paid)}. A machine that sleeps costs ${usd(deployed.diskGigabytes * (PRICES.disk.usd / 30))} USD a day for its disk, for one day.

## The public ancestor's figure

[Its README](${ANCESTOR}) states ${ANCESTOR_TOTAL} USD for the same month, with Claude 3.7 Sonnet on t3.large and no prompt cache. The same quantities at the prices here:

${markdownTable(
  ['', 'stated, USD', 'computed, USD'],
  ANCESTOR_LINES.map(({ published, computed: { service, what, usd: own } }) => [
    `${service}: ${what}`,
    String(published),
    own.toFixed(5),
  ]),
)}
| total | **${ANCESTOR_TOTAL}** | **${totalOf(ANCESTOR_LINES.map(({ computed }) => computed)).toFixed(2)}** |

Lambda's seconds differ: it counts one of the 30 invocations. It leaves out the half hour or more that a machine waits, public addresses (charged since February 2024), logs and backups; ours above has them.

## Prices

AWS's pages fill their figures in by script; those that no stored copy shows were held against what others write of them.

${markdownTable(
  ['', 'USD', 'on'],
  [
    ...Object.values(PRICES).map(({ usd: each, per, source, checkedOn }) => [
      `${per} (${source})`,
      plain(each),
      checkedOn,
    ]),
    ...MODELS.map((id) => {
      const { prices, source, checkedOn } = findModel(BUILT_IN_MODELS, id);
      const { input, output, cacheRead, cacheWrite } = prices;
      const each = `${input} in, ${output} out, ${cacheRead} cache read, ${cacheWrite} cache write`;
      return [`million tokens of ${id} (${source})`, each, checkedOn];
    }),
  ],
)}
`;
}

function variantsOf(cachedShare: number) {
  return [
    { words: ['x86, on demand', 'no'], machine: 'x86', isSpot: false },
    { words: ['Graviton, on demand', 'no'], machine: 'Graviton', isSpot: false },
    { words: ['x86, on demand', 'yes'], machine: 'x86', isSpot: false, cachedShare },
    { words: ['Graviton, on demand', 'yes'], machine: 'Graviton', isSpot: false, cachedShare },
    { words: ['Graviton, spot', 'yes'], machine: 'Graviton', isSpot: true, cachedShare },
  ] as const;
}

function linesTable(lines: readonly CostLine[]): string {
  const rows = lines.map(({ service, what, usd: each }) => [`${service}: ${what}`, usd(each)]);
  return `${markdownTable(['', 'USD'], rows)}
| total | **${usd(totalOf(lines))}** |`;
}

const usd = (value: number): string => value.toFixed(2);
const count = (value: number): string => value.toLocaleString('en');
/** Without an exponent, however small. */
const plain = (value: number): string => value.toFixed(10).replace(/0+$/, '').replace(/\.$/, '');
