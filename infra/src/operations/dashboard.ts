import { Dashboard, GraphWidget, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { nameOf } from '../names';
import { loggedMetric, namespaceOf, PERIOD } from './measure-log';

const HALF = { width: 12, height: 6 } as const;

/** What an environment does, on a page. It names metrics only, so that it is there before what they are of. */
export function operationsDashboard(scope: Construct, environment: string): void {
  const sum = (name: string, label: string): IMetric => loggedMetric(environment, name, { label });
  const times = (name: string, label: string): IMetric[] => [
    loggedMetric(environment, name, { statistic: 'Average', label }),
    loggedMetric(environment, name, { statistic: 'Maximum', label: `${label}, longest` }),
  ];
  const state = (name: string): IMetric =>
    loggedMetric(environment, `Sessions${name}`, { statistic: 'Maximum', label: name.toLowerCase() });
  const graph = (title: string, left: IMetric[], more: { stacked?: boolean } = {}): GraphWidget =>
    new GraphWidget({ title, left, leftYAxis: { min: 0 }, ...HALF, ...more });

  new Dashboard(scope, 'Dashboard', {
    dashboardName: nameOf(environment),
    widgets: [
      [
        graph(
          'Sessions that have a machine, by state',
          ['Starting', 'Working', 'Waiting', 'Asleep'].map(state),
          {
            stacked: true,
          },
        ),
        graph('Time to a machine that works, in ms', times('TimeToReady', 'ready')),
      ],
      [
        graph('Time to the first post and to the answer, in ms', [
          ...times('TimeToFirstPost', 'first post'),
          ...times('TimeToAnswer', 'answer'),
        ]),
        graph('Dollars for models', [sum('Dollars', 'USD')]),
      ],
      [
        graph(
          'Tokens',
          [
            sum('InputTokens', 'input'),
            sum('CacheReadTokens', 'read from the cache'),
            sum('CacheWriteTokens', 'written to the cache'),
            sum('OutputTokens', 'output'),
          ],
          { stacked: true },
        ),
        graph('Failures of models, by kind', [byField(environment, 'ModelFailures', 'kind')]),
      ],
      [
        graph('Errors, by event', [byField(environment, 'Errors', 'event')]),
        graph('Turns that failed, machines that did not come up, sessions given up', [
          sum('TurnsFailed', 'turns'),
          sum('MachinesUnavailable', 'machines'),
          sum('SessionsGivenUp', 'sessions'),
        ]),
      ],
      [
        graph('Leaked machines', [sum('LeakedMachines', 'found')]),
        graph('Dead letters', [deadLetters(environment)]),
      ],
    ],
  });
}

/** A line for each value of a field: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
function byField(environment: string, name: string, field: string): IMetric {
  const where = `{"${namespaceOf(environment)}","${field}"} MetricName="${name}"`;
  return new MathExpression({
    expression: `SEARCH('${where}', 'Sum', ${PERIOD.toSeconds()})`,
    label: '',
    usingMetrics: {},
    period: PERIOD,
  });
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
function deadLetters(environment: string): IMetric {
  return new Metric({
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensionsMap: { QueueName: nameOf(environment, 'worker-manager-dead-letters') },
    statistic: 'Maximum',
    period: PERIOD,
    label: 'waiting',
  });
}
