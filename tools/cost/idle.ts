import { counted, line } from './cost-line';
import type { CostLine } from './cost-line';
import type { Deployed } from './deployed';
import { GUESSED } from './month';
import { FREE_EACH_MONTH, PRICES } from './prices';

const DAYS = 30;
const MINUTES = DAYS * 24 * 60;

const GUESSED_IDLE = {
  /** Of a sweep that finds nothing due. */
  sweepSeconds: 0.3,
  /** Lambda's own lines of an invocation. */
  logBytesPerSweep: 400,
  /** Sessions that were, and are kept. */
  keptSessions: 100,
  /** The daemon's archives, of one version each. */
  archiveGigabytes: 0.5,
  imageGigabytes: 4,
  /** Of the machine that makes an image, once a week. */
  imageHours: 0.5,
} as const;

/** The index of what is due is asked shard by shard: half a unit each, for nothing is found. */
const SHARDS = 16;

/** What is paid while nobody works, without what CloudWatch gives for free. */
export function idleLines(deployed: Deployed): readonly CostLine[] {
  const { keptSessions, sweepSeconds, logBytesPerSweep } = GUESSED_IDLE;
  const kept = (megabytes: number): number => (keptSessions * megabytes) / 1_000;
  const logGigabytes = (MINUTES * logBytesPerSweep) / 1e9;
  return [
    line(
      'Lambda',
      'the sweep, each minute',
      [MINUTES, PRICES.invocation],
      [(MINUTES * sweepSeconds * deployed.managerMegabytes) / 1_024, PRICES.functionSecond],
    ),
    line('DynamoDB', 'what it reads', [MINUTES * SHARDS * 0.5, PRICES.tableRead]),
    line(
      'DynamoDB',
      `${keptSessions} sessions that are kept, backed up`,
      [kept(GUESSED.megabytesInTable), PRICES.tableStorage],
      [kept(GUESSED.megabytesInTable), PRICES.tableBackup],
    ),
    line('S3', 'their files, and the daemon', [
      kept(GUESSED.megabytesInBucket) + GUESSED_IDLE.archiveGigabytes,
      PRICES.objectStorage,
    ]),
    line('EBS', `${counted(deployed.imagePipelines, 'image')} of workers, as snapshots`, [
      deployed.imagePipelines * GUESSED_IDLE.imageGigabytes,
      PRICES.snapshot,
    ]),
    line(
      'EC2',
      'making them, each week',
      [buildHours(deployed), PRICES.t4gLarge],
      [buildHours(deployed), PRICES.publicAddress],
    ),
    line('EBS', 'disks of stopped machines: none after a day'),
    line('SSM, SNS, SQS, EventBridge', 'parameters, topics, queues, the schedule: by use'),
    ...watchLines(deployed, logGigabytes),
  ];
}

const buildHours = ({ imagePipelines }: Deployed): number =>
  imagePipelines * (DAYS / 7) * GUESSED_IDLE.imageHours;

/** What of it is free while an account has no more alarms, dashboards and logs than these. */
export function freeOfIdle(deployed: Deployed): number {
  const { alarms, dashboards } = FREE_EACH_MONTH;
  return (
    Math.min(alarms, deployed.alarms) * PRICES.alarm.usd +
    Math.min(dashboards, deployed.dashboards) * PRICES.dashboard.usd
  );
}

function watchLines({ alarms, dashboards, metrics }: Deployed, logGigabytes: number): readonly CostLine[] {
  return [
    line('CloudWatch', counted(alarms, 'alarm'), [alarms, PRICES.alarm]),
    line('CloudWatch', counted(dashboards, 'dashboard'), [dashboards, PRICES.dashboard]),
    line('CloudWatch', `${metrics} metrics: none has values`),
    line(
      'CloudWatch',
      "the functions' logs",
      [logGigabytes, PRICES.logIngestion],
      [logGigabytes, PRICES.logStorage],
    ),
  ];
}
