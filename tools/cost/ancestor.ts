import { line } from './cost-line';
import type { CostLine } from './cost-line';
import { PRICES } from './prices';
import type { Price } from './prices';

/** The README of an early version, whose breakdown this is; later ones assume a prompt cache. */
export const ANCESTOR = 'https://github.com/aws-samples/remote-swe-agents';

/** What it assumes of a month. */
export const ASSUMED = { sessions: 100, hours: 1, inputTokens: 400_000, outputTokens: 20_000 } as const;

const { sessions, hours, inputTokens, outputTokens } = ASSUMED;
const DAYS = 30;

/** Of a million tokens of Claude 3.7 Sonnet, as its breakdown has them. */
const SONNET_3_7 = { input: 3, output: 15 } as const;

interface PublishedLine {
  readonly published: number;
  readonly computed: CostLine;
}

/** Its breakdown beside the same, computed from the same quantities. */
export const ANCESTOR_LINES: readonly PublishedLine[] = [
  of(8.32, 'EC2', 't3.large, an hour a session', [sessions * hours, PRICES.t3Large]),
  of(13.33, 'EBS', '50 GB for a day', [(sessions * 50) / DAYS, PRICES.disk]),
  of(0.0125, 'DynamoDB', '1,000 read request units a session', [sessions * 1_000, PRICES.tableRead]),
  of(0.0125, 'DynamoDB', '200 write request units a session', [sessions * 200, PRICES.tableWrite]),
  of(0.05, 'DynamoDB', '2 MB a session', [sessions * 0.002, PRICES.tableStorage]),
  of(0.002, 'AppSync Events', '20 events a session', [sessions * 20, PRICES.hint]),
  of(0.00048, 'AppSync Events', 'an hour connected', [sessions * 60, PRICES.hintMinute]),
  of(0.0006, 'Lambda', '30 invocations a session', [sessions * 30, PRICES.invocation]),
  of(0.00017, 'Lambda', '128 MB, a second each', [sessions * 30 * 0.125, PRICES.functionSecond]),
  of(0.002, 'API Gateway', '20 requests a session', [sessions * 20, PRICES.httpRequest]),
  of(120, 'Bedrock', '400,000 input tokens', [(sessions * inputTokens) / 1e6, tokens(SONNET_3_7.input)]),
  of(30, 'Bedrock', '20,000 output tokens', [(sessions * outputTokens) / 1e6, tokens(SONNET_3_7.output)]),
];

/** The total that it states. */
export const ANCESTOR_TOTAL = 171.73;

function of(
  published: number,
  service: string,
  what: string,
  charge: readonly [number, Price],
): PublishedLine {
  return { published, computed: line(service, what, charge) };
}

function tokens(usd: number): Price {
  return { usd, per: 'million tokens', source: ANCESTOR, checkedOn: '2026-11-26' };
}
