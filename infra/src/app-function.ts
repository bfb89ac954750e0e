import { join } from 'node:path';
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import type { AppEnvironment } from './app-environment';
import { grant } from './permission';
import type { Permission } from './permission';
import { readSecrets } from './permissions';

export interface AppFunctionOptions {
  readonly name: string;
  /** Where the apps' bundles are. */
  readonly bundles: string;
  readonly app: string;
  readonly environment: AppEnvironment;
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
    const { name, environment, permissions } = options;
    const logGroupName = `/swe/${name}`;
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      roleName: name,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const logGroupArn = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.allow(
      {
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [`${logGroupArn}:log-stream:*`],
        wildcard: 'Every stream of the own log.',
      },
      ...permissions,
      readSecrets(this, environment.parameters),
    );
    this.function = new LambdaFunction(this, 'Function', {
      functionName: name,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(options.bundles, options.app), { exclude: ['*.map'] }),
      environment: { ...environment.variables },
      memorySize: options.memoryMb,
      timeout: options.timeout,
      logGroup,
      role: this.role.withoutPolicyUpdates(),
    });
    this.function.node.addDependency(this.policy);
    new Alarm(this, 'Failing', {
      alarmName: `${name}-failing`,
      alarmDescription: `The function ${name} fails: its log says why.`,
      metric: this.function.metricErrors({ period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(options.alarms));
  }

  /** What has to be there before anything acts as the role. */
  get policy(): IConstruct {
    return this.role.node.findChild('DefaultPolicy');
  }

  allow(...permissions: readonly Permission[]): void {
    grant(this.role, permissions);
  }
}
