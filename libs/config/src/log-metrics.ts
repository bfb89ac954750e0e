/** Lines of an app's log that are counted, or whose field is measured. */
export interface LogMetric {
  readonly name: string;
  /** Those of this event; without it all errors. */
  readonly event?: string;
  /** Of these only those whose field has this value. */
  readonly where?: readonly [field: string, value: string];
  /** The field that is measured, its way by dots; without it lines are counted. */
  readonly field?: string;
  /** A field with few values: there is a metric, with its price, for each. */
  readonly by?: string;
  readonly unit: 'Count' | 'Milliseconds' | 'None';
}

const COUNT = { unit: 'Count' } as const;
const MS = { unit: 'Milliseconds' } as const;

/** Of every log. */
const ERRORS = { name: 'Errors', by: 'event', ...COUNT } as const satisfies LogMetric;

export const INGRESS_METRICS = [
  ERRORS,
  { name: 'RequestsFailed', event: 'request.failed', ...COUNT },
] as const satisfies readonly LogMetric[];

/** A session is counted by its state while it has a machine, which may be a stopped one. */
export const WORKER_MANAGER_METRICS = [
  ERRORS,
  { name: 'SessionsStarting', event: 'sessions.counted', field: 'starting', unit: 'None' },
  { name: 'SessionsWorking', event: 'sessions.counted', field: 'working', unit: 'None' },
  { name: 'SessionsWaiting', event: 'sessions.counted', field: 'waiting', unit: 'None' },
  { name: 'SessionsAsleep', event: 'sessions.counted', field: 'asleep', unit: 'None' },
  { name: 'MachinesUnavailable', event: 'worker.unavailable', ...COUNT },
  { name: 'SessionsGivenUp', event: 'session.given-up', ...COUNT },
  { name: 'LeakedMachines', event: 'orphan.found', ...COUNT },
] as const satisfies readonly LogMetric[];

export const AGENT_METRICS = [
  ERRORS,
  { name: 'TimeToReady', event: 'worker.ready', field: 'afterMs', ...MS },
  { name: 'TimeToFirstPost', event: 'post.delivered', field: 'firstPostMs', ...MS },
  { name: 'TimeToAnswer', event: 'turn.finished', field: 'answerMs', ...MS },
  { name: 'TurnsFailed', event: 'turn.finished', where: ['outcome', 'failed'], ...COUNT },
  { name: 'ModelFailures', event: 'model.failed', by: 'kind', ...COUNT },
  { name: 'InputTokens', event: 'step.finished', field: 'usage.inputTokens', ...COUNT },
  { name: 'CacheReadTokens', event: 'step.finished', field: 'usage.cacheReadTokens', ...COUNT },
  { name: 'CacheWriteTokens', event: 'step.finished', field: 'usage.cacheWriteTokens', ...COUNT },
  { name: 'OutputTokens', event: 'step.finished', field: 'usage.outputTokens', ...COUNT },
  { name: 'Dollars', event: 'step.finished', field: 'usd', unit: 'None' },
] as const satisfies readonly LogMetric[];

/** Pino's: https://getpino.io/#/docs/api?id=loggerlevels-object */
const ERROR_LEVEL = 50;

/** As CloudWatch takes it: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html */
export function filterPatternOf({ event, where, field, by }: LogMetric): string {
  const conditions = [
    event === undefined ? `$.level >= ${ERROR_LEVEL}` : `$.event = "${event}"`,
    ...(where === undefined ? [] : [`$.${where[0]} = "${where[1]}"`]),
    ...(field === undefined ? [] : [`$.${field} >= 0`]),
    ...(by === undefined ? [] : [`$.${by} = *`]),
  ];
  return conditions.length === 1 ? `{ ${conditions[0]} }` : `{ (${conditions.join(') && (')}) }`;
}

/** What a line adds to a metric, as its filter does it; undefined where it adds nothing. */
export function measureLine(metric: LogMetric, line: Readonly<Record<string, unknown>>): number | undefined {
  const { event, where, field, by } = metric;
  const isCounted = event === undefined ? Number(line['level']) >= ERROR_LEVEL : line['event'] === event;
  if (!isCounted || (where !== undefined && line[where[0]] !== where[1])) return undefined;
  if (by !== undefined && line[by] === undefined) return undefined;
  const value = field === undefined ? 1 : fieldOf(line, field);
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function fieldOf(line: unknown, path: string): unknown {
  const [key = '', ...rest] = path.split('.');
  const value = (line as Readonly<Record<string, unknown>> | undefined)?.[key];
  return rest.length === 0 ? value : fieldOf(value, rest.join('.'));
}
