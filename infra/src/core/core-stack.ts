import { Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { nameOf } from '../names';
import { operationsDashboard } from '../operations/dashboard';
import type { Settings } from '../settings';
import { artifactBucket } from './artifact-bucket';
import { costAlarm } from './cost-alarm';
import { EventsApi } from './events-api';
import { sessionTable } from './session-table';

/** What all apps share, and what is kept: the table, the bucket, the way of hints, and who is told of alarms. */
export class CoreStack extends Stack {
  readonly table: Table;
  readonly bucket: Bucket;
  readonly events: EventsApi;
  readonly alarms: Topic;

  constructor(scope: Construct, id: string, props: StackProps & { readonly settings: Settings }) {
    super(scope, id, props);
    const { environment, alarms } = props.settings;
    this.table = sessionTable(this, nameOf(environment));
    this.bucket = artifactBucket(this, environment);
    this.events = new EventsApi(this, 'Events', nameOf(environment));
    this.alarms = new Topic(this, 'Alarms', { topicName: nameOf(environment, 'alarms'), enforceSSL: true });
    for (const service of ['budgets', 'cloudwatch']) {
      this.alarms.grantPublish(new ServicePrincipal(`${service}.amazonaws.com`));
    }
    if (alarms.email !== undefined) this.alarms.addSubscription(new EmailSubscription(alarms.email));
    // For whoever puts the daemon's archive there.
    const output = (key: string, value: string) => new CfnOutput(this, key, { value });
    output('BucketName', this.bucket.bucketName);
    output('Region', Aws.REGION);
    output('AgentArchitecture', props.settings.architecture);
    operationsDashboard(this, environment);
    const { monthUsd } = alarms;
    costAlarm(this, { name: nameOf(environment), environment, monthUsd, topic: this.alarms });
  }

  /** What every app is told. */
  get variables() {
    return { SWE_TABLE_NAME: this.table.tableName, SWE_BUCKET_NAME: this.bucket.bucketName };
  }

  /** What those are told who give or take hints. */
  get eventsVariables() {
    return { SWE_EVENTS_HTTP_URL: this.events.httpUrl, SWE_EVENTS_REALTIME_URL: this.events.realtimeUrl };
  }
}
