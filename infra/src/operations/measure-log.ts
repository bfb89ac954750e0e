import { Duration } from 'aws-cdk-lib';
import { Metric, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricProps } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { filterPatternOf } from '@swe/config/log-metrics';
import type { LogMetric } from '@swe/config/log-metrics';
import { nameOf } from '../names';

const UNITS = { Count: Unit.COUNT, Milliseconds: Unit.MILLISECONDS, None: Unit.NONE } as const;

export const PERIOD = Duration.minutes(5);

export const namespaceOf = (environment: string): string => nameOf(environment);

/** Has CloudWatch make metrics of an app's log. They cost something in hours in which there are values. */
export function measureLog(log: LogGroup, environment: string, metrics: readonly LogMetric[]): void {
  for (const metric of metrics) {
    const { name, field, by, unit } = metric;
    new MetricFilter(log, name, {
      logGroup: log,
      filterPattern: FilterPattern.literal(filterPatternOf(metric)),
      metricNamespace: namespaceOf(environment),
      metricName: name,
      metricValue: field === undefined ? '1' : `$.${field}`,
      unit: UNITS[unit],
      ...(by !== undefined && { dimensions: { [by]: `$.${by}` } }),
    });
  }
}

/** A metric of the environment's logs, by its name. */
export function loggedMetric(
  environment: string,
  metricName: string,
  props: Partial<MetricProps> = {},
): Metric {
  return new Metric({
    namespace: namespaceOf(environment),
    metricName,
    statistic: 'Sum',
    period: PERIOD,
    ...props,
  });
}
