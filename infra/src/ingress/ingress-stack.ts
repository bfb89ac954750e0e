import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import { HttpApi, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ingressConfig } from '@swe/config/ingress';
import { INGRESS_METRICS } from '@swe/config/log-metrics';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { appEnvironment } from '../app-environment';
import { AppFunction, GIVEN_BY_LAMBDA } from '../app-function';
import type { CoreStack } from '../core/core-stack';
import { nameOf, parameterName } from '../names';
import { actionableAlarm } from '../operations/actionable-alarm';
import { loggedMetric } from '../operations/measure-log';
import { publishHints, readPage, useBlobs, useTable } from '../permissions';
import type { Settings } from '../settings';

export interface IngressStackProps extends StackProps {
  readonly settings: Settings;
  readonly core: CoreStack;
  readonly bundles: string;
}

/** Of all callers together: more than a workspace says, and less than would cost much. */
const THROTTLE = { rateLimit: 100, burstLimit: 200 };

/** Where Slack, GitHub, callers of the API and browsers are heard. */
export class IngressStack extends Stack {
  /** Without a slash at its end. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: IngressStackProps) {
    super(scope, id, props);
    const { settings, core, bundles } = props;
    const { environment } = settings;
    const name = nameOf(environment, 'ingress');
    const own = {
      SWE_ENV: environment,
      SWE_CONSOLE_PARAMETER: parameterName(environment, 'console'),
      ...core.variables,
      ...core.eventsVariables,
    };
    const app = new AppFunction(this, 'App', {
      environmentName: environment,
      metrics: INGRESS_METRICS,
      bundles,
      app: 'ingress',
      environment: appEnvironment(ingressConfig, own, {
        handedOn: settings.handedOn,
        given: GIVEN_BY_LAMBDA,
      }),
      // Slack waits three seconds, of a cold start as well, and the processor comes with the memory.
      memoryMb: 1024,
      timeout: Duration.seconds(29),
      permissions: [
        ...useTable(this, environment),
        ...useBlobs(this, environment),
        ...readPage(this, environment),
        publishHints(core.events),
      ],
      alarms: core.alarms,
    });
    actionableAlarm(this, 'RequestsFail', {
      environment,
      name: 'ingress-requests',
      says: 'Requests of Slack, GitHub or callers of the API are answered with a failure of ours.',
      metric: loggedMetric(environment, 'RequestsFailed'),
      threshold: 1,
      periods: [2, 3],
      topic: core.alarms,
    });
    const api = new HttpApi(this, 'Api', {
      apiName: name,
      defaultIntegration: new HttpLambdaIntegration('Integration', app.function),
      createDefaultStage: false,
    });
    acknowledge(
      api,
      'APIG4',
      'The app verifies each request itself: signatures of Slack and GitHub, and keys of the API; the page is for all.',
    );
    const log = new LogGroup(this, 'AccessLog', {
      logGroupName: `/swe/${name}/access`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    api.addStage('Stage', {
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: { destination: new LogGroupLogDestination(log) },
    });
    this.url = api.apiEndpoint;
    const output = (key: string, value: string) => new CfnOutput(this, key, { value });
    output('SlackBoltEndpointUrl', `${this.url}/slack/events`);
    output('GithubWebhookUrl', `${this.url}/github/webhooks`);
    output('ApiUrl', this.url);
  }
}
