import { DEFAULT_WORKER_TIMING } from '@swe/application/agent';
import { DEFAULT_MANAGER_TIMING } from '@swe/application/worker-manager';
import { BUILT_IN_MODELS, findModel } from '@swe/domain';
import { ASSUMED } from './ancestor';
import { line } from './cost-line';
import type { CostLine } from './cost-line';
import type { Deployed } from './deployed';
import { PRICES, SPOT_SHARE } from './prices';
import type { Price } from './prices';

/** How a month's sessions are run. */
export interface MonthOptions {
  readonly machine: 'x86' | 'Graviton';
  readonly isSpot: boolean;
  /** The share of a session's input that is read from the provider's cache; the rest is written to it. */
  readonly cachedShare?: number;
  readonly model: string;
}

const HOUR_MS = 3_600_000;
const MONTH_HOURS = 30 * 24;

/** Guesses, each on the safe side of what the tests and benchmarks show. */
export const GUESSED = {
  /** From the request for a machine to a daemon that works, where no image exists yet. */
  bootMinutes: 5,
  steps: 30,
  /** Two transactions of about six items of a kilobyte each, and a transaction costs double. */
  writeUnitsPerStep: 24,
  /** The lease, and its place in the index of what is due. */
  writeUnitsPerHeartbeat: 3,
  messages: 5,
  megabytesInTable: 2,
  megabytesInBucket: 10,
  objects: 40,
  /** A line for each thing that is done, and one a minute. */
  megabytesOfLog: 1,
  managerLooks: 60,
} as const;

const { sessions, hours, inputTokens, outputTokens } = ASSUMED;
const { idleMs, pollMs, waitingPollMs, heartbeatMs } = DEFAULT_WORKER_TIMING;
const workingMs = hours * HOUR_MS;
/** How long a machine waits for more to do, and how long its disk is kept after that. */
export const KEPT = {
  idleMinutes: idleMs / 60_000,
  diskHours: DEFAULT_MANAGER_TIMING.keepStoppedMs / HOUR_MS,
} as const;

const runningHours = (workingMs + idleMs) / HOUR_MS + GUESSED.bootMinutes / 60;

/** What the assumed month comes to. */
export function monthLines(deployed: Deployed, options: MonthOptions): readonly CostLine[] {
  return [...machineLines(deployed, options), ...serverlessLines(deployed), ...modelLines(options)];
}

function machineLines({ diskGigabytes }: Deployed, { machine, isSpot }: MonthOptions): readonly CostLine[] {
  const onDemand: Price = machine === 'x86' ? PRICES.t3Large : PRICES.t4gLarge;
  const paid = sessions * runningHours * (isSpot ? SPOT_SHARE : 1);
  // A spot instance has no disk once it is stopped.
  const diskHours = runningHours + (isSpot ? 0 : KEPT.diskHours);
  const kind = machine === 'x86' ? 't3.large' : 't4g.large';
  return [
    line('EC2', `${kind}${isSpot ? ', spot' : ''}, ${runningHours.toFixed(2)} h a session`, [paid, onDemand]),
    line('EC2', 'a public address, as long', [sessions * runningHours, PRICES.publicAddress]),
    line('EBS', `${diskGigabytes} GB, ${diskHours.toFixed(1)} h a session`, [
      (sessions * diskGigabytes * diskHours) / MONTH_HOURS,
      PRICES.disk,
    ]),
  ];
}

function serverlessLines({ managerMegabytes, metrics }: Deployed): readonly CostLine[] {
  const { steps, writeUnitsPerStep, writeUnitsPerHeartbeat, messages, managerLooks } = GUESSED;
  const reads = workingMs / pollMs + (3 * idleMs) / waitingPollMs + steps;
  const writes = steps * writeUnitsPerStep + (workingMs / heartbeatMs) * writeUnitsPerHeartbeat;
  const gigabytes = (megabytes: number): number => (sessions * megabytes) / 1_000;
  const stored = gigabytes(GUESSED.megabytesInTable);
  return [
    line(
      'DynamoDB',
      `${count(reads)} read and ${count(writes)} write units a session`,
      [...([sessions * reads, PRICES.tableRead] as const)],
      [sessions * writes, PRICES.tableWrite],
    ),
    line(
      'DynamoDB',
      `${GUESSED.megabytesInTable} MB a session, backed up`,
      [stored, PRICES.tableStorage],
      [stored, PRICES.tableBackup],
    ),
    line(
      'S3',
      `${GUESSED.objects} objects, ${GUESSED.megabytesInBucket} MB a session`,
      [sessions * GUESSED.objects, PRICES.objectWrite],
      [gigabytes(GUESSED.megabytesInBucket), PRICES.objectStorage],
    ),
    line(
      'AppSync Events',
      `${messages} hints a session, connected while it runs`,
      [2 * sessions * messages, PRICES.hint],
      [sessions * runningHours * 60, PRICES.hintMinute],
    ),
    line(
      'Lambda, API Gateway',
      `${messages} messages and ${managerLooks} looks a session`,
      [sessions * messages, PRICES.httpRequest],
      [sessions * (messages + managerLooks), PRICES.invocation],
      [sessions * (messages + (managerLooks * managerMegabytes) / 1_024), PRICES.functionSecond],
    ),
    line('CloudWatch', `${GUESSED.megabytesOfLog} MB of log a session`, [
      gigabytes(GUESSED.megabytesOfLog),
      PRICES.logIngestion,
    ]),
    line('CloudWatch', `${metrics} metrics, one session at a time`, [
      metrics * Math.min(1, (sessions * runningHours) / MONTH_HOURS),
      PRICES.metric,
    ]),
  ];
}

function modelLines({ model, cachedShare }: MonthOptions): readonly CostLine[] {
  const { prices, source, checkedOn } = findModel(BUILT_IN_MODELS, model);
  const millions = (tokens: number): number => (sessions * tokens) / 1e6;
  const price = (tier: keyof typeof prices): Price => ({
    usd: prices[tier],
    per: 'million tokens',
    source,
    checkedOn,
  });
  const output = line('Bedrock', `${count(outputTokens)} output tokens a session`, [
    millions(outputTokens),
    price('output'),
  ]);
  if (cachedShare === undefined) {
    const all = [millions(inputTokens), price('input')] as const;
    return [line('Bedrock', `${count(inputTokens)} input tokens a session`, all), output];
  }
  const read = inputTokens * cachedShare;
  const percent = (100 * cachedShare).toFixed(0);
  return [
    line('Bedrock', `${percent} % of ${count(inputTokens)} input tokens from the cache`, [
      millions(read),
      price('cacheRead'),
    ]),
    line('Bedrock', 'the rest written to it', [millions(inputTokens - read), price('cacheWrite')]),
    output,
  ];
}

const count = (value: number): string => Math.round(value).toLocaleString('en');
