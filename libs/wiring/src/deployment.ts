import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { AppSyncEventBus } from '@swe/adapter-aws/appsync';
import {
  checkBootstrap,
  checkBucket,
  checkDeadLetters,
  checkSweep,
  checkTable,
  checkWake,
  readCaller,
  readFunction,
  readStack,
  SsmParameters,
} from '@swe/adapter-aws/deployment';
import { createTableInput, DynamoWorkerRegister } from '@swe/adapter-aws/dynamodb';
import { checkLaunch, Ec2Compute } from '@swe/adapter-aws/ec2';
import type { LaunchToCheck } from '@swe/adapter-aws/ec2';
import { listOrphans } from '@swe/application/worker-manager';
import type { Clock, Random } from '@swe/domain';
import { clientSettings } from './aws-client';
import { openAwsStore } from './aws-store';

export interface DeploymentOptions {
  readonly region: string;
  /** Emulators and gateways that stand in for S3 know buckets by path only. */
  readonly hasOwnS3: boolean;
  readonly clock: Clock;
  readonly random: Random;
}

/** What the worker manager is told of machines, and where sessions are stored. */
export interface ManagedMachines extends LaunchToCheck {
  readonly tableName: string;
  readonly bucketName: string;
}

export type Deployment = ReturnType<typeof openDeployment>;

/** What is deployed in a region, as whoever holds the credentials may look at it. Each look says what it found, or throws. */
export function openDeployment({ region, hasOwnS3, clock, random }: DeploymentOptions) {
  // Somebody waits for each answer: what does not come at once is told instead of tried again.
  const settings = { ...clientSettings({ region }), maxAttempts: 1 };
  const sts = new STSClient(settings);
  const ssm = new SSMClient(settings);
  const lambda = new LambdaClient(settings);
  const cloudFormation = new CloudFormationClient(settings);
  const dynamo = new DynamoDBClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: hasOwnS3 });
  const eventBridge = new EventBridgeClient(settings);
  // Else a queue's URL, which names AWS itself, would be asked instead of the endpoint that is set.
  const sqs = new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });
  const ec2 = new EC2Client(settings);

  return {
    caller: (signal: AbortSignal) => readCaller(sts, signal),
    bootstrap: (signal: AbortSignal) => checkBootstrap(ssm, signal),
    stack: (name: string, signal: AbortSignal) => readStack(cloudFormation, name, signal),
    variablesOf: (name: string, signal: AbortSignal) => readFunction(lambda, name, signal),
    table: (name: string, signal: AbortSignal) => checkTable(dynamo, createTableInput(name), signal),
    bucket: (name: string, signal: AbortSignal) => checkBucket(s3, name, signal),
    wake: (functionName: string, streamArn: string, signal: AbortSignal) =>
      checkWake(lambda, { functionName, streamArn }, signal),
    sweep: (rule: string, signal: AbortSignal) => checkSweep(eventBridge, rule, signal),
    deadLetters: (queue: string, signal: AbortSignal) => checkDeadLetters(sqs, queue, signal),
    launch: (launch: LaunchToCheck, signal: AbortSignal) => checkLaunch(ec2, launch, signal),
    parameters: new SsmParameters(ssm),
    /** Publishes a hint that nobody hears. */
    async hint({ httpUrl, realtimeUrl }: { readonly httpUrl: string; readonly realtimeUrl: string }) {
      const { credentials } = sts.config;
      const urls = { httpUrl, realtimeUrl, publishTimeoutMs: HINT_MS };
      const to = { ...urls, region, credentials, clock, random, logger: SILENT };
      await new AppSyncEventBus(to).publish('doctor');
    },
    orphans(machines: ManagedMachines) {
      const { tableName, bucketName } = machines;
      const { table, store } = openAwsStore({ region, tableName, bucketName, hasOwnS3, clock, random });
      const register = new DynamoWorkerRegister(table);
      return listOrphans({
        store,
        compute: new Ec2Compute({ ...machines, client: ec2, register, clock, logger: SILENT }),
      });
    },
  };
}

/** What is wrong is thrown. */
const SILENT = { warn: () => undefined };

/** An ingress waits less: it has somebody to answer. */
const HINT_MS = 10_000;
