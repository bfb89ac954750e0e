import { join } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { LogMetric } from '@swe/config/log-metrics';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import type { AppEnvironment } from './app-environment';
import { logGroupNameOf, nameOf } from './names';
import { actionableAlarm } from './operations/actionable-alarm';
import { measureLog, PERIOD } from './operations/measure-log';
import { grant } from './permission';
import type { Permission } from './permission';
import { readSecrets, writeLog } from './permissions';

export interface AppFunctionOptions {
  /** Of the deployment. */
  readonly environmentName: string;
  /** Where the apps' bundles are. */
  readonly bundles: string;
  readonly app: string;
  readonly environment: AppEnvironment;
  /** What is measured of its log. */
  readonly metrics: readonly LogMetric[];
  readonly memoryMb: number;
  readonly timeout: Duration;
  readonly permissions: readonly Permission[];
  readonly alarms: ITopic;
}

/** What Lambda itself sets: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
export const GIVEN_BY_LAMBDA = ['AWS_REGION'];

/** An app as a function of Lambda's: its bundle, a role that may do what is stated and no more, its log, an alarm. */
export class AppFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, options: AppFunctionOptions) {
    super(scope, id);
    const { app, environmentName, environment, permissions } = options;
    const name = nameOf(environmentName, app);
    const logGroupName = logGroupNameOf(environmentName, app);
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      roleName: name,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    this.allow(
      writeLog(this, logGroupName, { streams: '*', wildcard: 'Every stream of the own log.' }),
      ...permissions,
      readSecrets(this, environment.parameters),
    );
    this.function = new LambdaFunction(this, 'Function', {
      functionName: name,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(options.bundles, app), { exclude: ['*.map'] }),
      environment: { ...environment.variables },
      memorySize: options.memoryMb,
      timeout: options.timeout,
      logGroup,
      role: this.role.withoutPolicyUpdates(),
    });
    this.function.node.addDependency(this.policy);
    measureLog(logGroup, environmentName, options.metrics);
    actionableAlarm(this, 'Failing', {
      environment: environmentName,
      name: `${app}-failing`,
      says: `Calls of the function ${name} fail.`,
      metric: this.function.metricErrors({ period: PERIOD }),
      threshold: 1,
      periods: [2, 3],
      topic: options.alarms,
    });
  }

  /** What has to be there before anything acts as the role. */
  get policy(): IConstruct {
    return this.role.node.findChild('DefaultPolicy');
  }

  allow(...permissions: readonly Permission[]): void {
    grant(this.role, permissions);
  }
}
