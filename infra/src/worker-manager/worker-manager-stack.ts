import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { WORKER_MANAGER_METRICS } from '@swe/config/log-metrics';
import { workerManagerConfig } from '@swe/config/worker-manager';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { appEnvironment } from '../app-environment';
import { AppFunction, GIVEN_BY_LAMBDA } from '../app-function';
import type { CoreStack } from '../core/core-stack';
import { imageParameterName, nameOf, parameterName } from '../names';
import { actionableAlarm } from '../operations/actionable-alarm';
import { loggedMetric, PERIOD } from '../operations/measure-log';
import { useBlobs, useTable } from '../permissions';
import type { Settings } from '../settings';
import { manageMachines } from './manage-machines';
import { WAKE_FILTERS } from './wake-filters';

export interface WorkerManagerStackProps extends StackProps {
  readonly settings: Settings;
  readonly core: CoreStack;
  readonly bundles: string;
}

/** Starts, stops and replaces machines: woken by the table's stream, and by the minute for whatever that missed. */
export class WorkerManagerStack extends Stack {
  constructor(scope: Construct, id: string, props: WorkerManagerStackProps) {
    super(scope, id, props);
    const { settings, core, bundles } = props;
    const { environment } = settings;
    const name = nameOf(environment, 'worker-manager');
    const agentName = nameOf(environment, 'agent');
    // Of the agent's stack, as they are at this deployment.
    const told = (what: string) =>
      StringParameter.valueForStringParameter(this, parameterName(environment, what));
    const own = {
      SWE_ENV: environment,
      ...core.variables,
      SWE_LAUNCH_TEMPLATE_NAME: agentName,
      SWE_LAUNCH_TEMPLATE_VERSION: told('launch-template-version'),
      SWE_INSTANCE_TYPES: settings.instanceTypes.join(','),
      SWE_SUBNET_IDS: told('subnet-ids'),
      SWE_WORKER_IMAGE_PARAMETER: imageParameterName(environment, settings.architecture),
    };
    const app = new AppFunction(this, 'App', {
      environmentName: environment,
      metrics: WORKER_MANAGER_METRICS,
      bundles,
      app: 'worker-manager',
      environment: appEnvironment(workerManagerConfig, own, {
        handedOn: settings.handedOn,
        given: GIVEN_BY_LAMBDA,
      }),
      memoryMb: 512,
      timeout: Duration.minutes(2),
      permissions: [
        ...useTable(this, environment),
        ...useBlobs(this, environment),
        ...manageMachines(this, {
          environment,
          launchTemplateId: told('launch-template-id'),
          roleName: agentName,
        }),
      ],
      alarms: core.alarms,
    });

    const dead = new Queue(this, 'DeadLetters', {
      queueName: `${name}-dead-letters`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(dead, 'SQS3', 'It is where dead letters of the stream go.');
    const { tableStreamArn = '' } = core.table;
    app.allow(
      {
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [tableStreamArn],
      },
      { actions: ['sqs:SendMessage'], resources: [dead.queueArn] },
    );
    const mapping = new EventSourceMapping(this, 'Wake', {
      target: app.function,
      eventSourceArn: tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: WAKE_FILTERS,
      batchSize: 100,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 3,
      // The sweep has found their sessions long before.
      maxRecordAge: Duration.minutes(10),
      onFailure: { bind: () => ({ destination: dead.queueArn }) },
    });
    // Its making is refused while the function may not read the stream.
    mapping.node.addDependency(app.policy);
    const alarm = { environment, topic: core.alarms };
    actionableAlarm(this, 'Dead', {
      ...alarm,
      name: 'worker-manager-dead-letters',
      says: 'Records of the stream were given up; the sweep finds their sessions.',
      metric: dead.metricApproximateNumberOfMessagesVisible({ period: PERIOD }),
      threshold: 1,
    });
    actionableAlarm(this, 'Silent', {
      ...alarm,
      name: 'worker-manager-silent',
      says: 'The sweep is not called: machines are neither stopped nor replaced.',
      metric: app.function.metricInvocations({ period: PERIOD }),
      threshold: { below: 1 },
      periods: [2, 2],
    });
    actionableAlarm(this, 'GivenUp', {
      ...alarm,
      name: 'worker-manager-given-up',
      says: 'A person was told that no machine comes up for their session.',
      metric: loggedMetric(environment, 'SessionsGivenUp'),
      threshold: 1,
    });
    actionableAlarm(this, 'Leaked', {
      ...alarm,
      name: 'worker-manager-leaked-machines',
      says: 'Machines that no session needs are found again and again.',
      metric: loggedMetric(environment, 'LeakedMachines'),
      threshold: 1,
      periods: [2, 3],
    });

    new Rule(this, 'Sweep', {
      ruleName: `${name}-sweep`,
      schedule: Schedule.rate(Duration.minutes(1)),
      // What was not done in time is done by the next.
      targets: [new LambdaFunction(app.function, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
