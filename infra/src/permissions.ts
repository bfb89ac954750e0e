import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EventsApi } from './core/events-api';
import { bucketName, nameOf } from './names';
import type { Permission } from './permission';

/** A transaction asks for the permissions of what it does: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html */
export function useTable(scope: Construct, environment: string): readonly Permission[] {
  const table = tableArn(scope, environment);
  return [
    {
      actions: [
        'dynamodb:BatchGetItem',
        'dynamodb:ConditionCheckItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ],
      resources: [table],
    },
    { actions: ['dynamodb:Query'], resources: [`${table}/index/*`], wildcard: 'Every index of the table.' },
  ];
}

/** What sessions have in the bucket. Without the right to list them, an object that is missing is told as denied. */
export function useBlobs(scope: Construct, environment: string): readonly Permission[] {
  return [
    onSessions(scope, environment, ['s3:GetObject', 's3:PutObject']),
    {
      actions: ['s3:ListBucket'],
      resources: [bucketArn(scope, environment)],
      conditions: { StringLike: { 's3:prefix': 'sessions/*' } },
    },
  ];
}

/** The console's files, of whichever version is served. */
export function readPage(scope: Construct, environment: string): readonly Permission[] {
  const bucket = bucketArn(scope, environment);
  return [
    {
      actions: ['s3:GetObject'],
      resources: [`${bucket}/console/*`],
      wildcard: 'Every version of the page: which one is served, a parameter says.',
    },
    {
      actions: ['s3:ListBucket'],
      resources: [bucket],
      conditions: { StringLike: { 's3:prefix': 'console/*' } },
    },
  ];
}

/** What comes with a machine: the daemon's archives, and the one that the organisation keeps. */
export function readArchives(
  scope: Construct,
  environment: string,
  organisationArchive: string | undefined,
): Permission {
  const keys = ['agent/*', ...(organisationArchive === undefined ? [] : [organisationArchive])];
  return {
    actions: ['s3:GetObject'],
    resources: keys.map((key) => `${bucketArn(scope, environment)}/${key}`),
    wildcard: 'Every version of the daemon: machines of the one before may still start.',
  };
}

/** Permissions go by namespace: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappsync.html */
export const publishHints = (events: EventsApi): Permission => ({
  actions: ['appsync:EventPublish'],
  resources: [events.namespaceArn],
});

export const hearHints = (events: EventsApi): readonly Permission[] => [
  { actions: ['appsync:EventConnect'], resources: [events.apiArn] },
  { actions: ['appsync:EventSubscribe'], resources: [events.namespaceArn] },
];

/** SecureStrings under the account's own key for SSM need no permission of KMS. */
export const readSecrets = (scope: Construct, parameters: readonly string[]): Permission => ({
  actions: ['ssm:GetParameter'],
  resources: parameters.map((name) =>
    Stack.of(scope).formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: name.replace(/^\//, ''),
    }),
  ),
});

/** `streams` is a pattern of the names of a log group's streams. */
export function writeLog(
  scope: Construct,
  logGroupName: string,
  { streams, wildcard }: { readonly streams: string; readonly wildcard: string },
): Permission {
  const logGroup = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [`${logGroup}:log-stream:${streams}`],
    wildcard,
  };
}

/** A profile that spans regions asks for the model in each of them: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html */
export const askModels = (scope: Construct): Permission => ({
  actions: ['bedrock:InvokeModelWithResponseStream'],
  resources: [
    `arn:${Stack.of(scope).partition}:bedrock:*::foundation-model/*`,
    Stack.of(scope).formatArn({ service: 'bedrock', resource: 'inference-profile', resourceName: '*' }),
  ],
  wildcard: 'Which model works is chosen in the chat, and a profile asks for it in several regions.',
});

function onSessions(scope: Construct, environment: string, actions: readonly string[]): Permission {
  const resources = [`${bucketArn(scope, environment)}/sessions/*`];
  return { actions, resources, wildcard: 'Every session of the environment.' };
}

export function tableArn(scope: Construct, environment: string): string {
  const resourceName = nameOf(environment);
  return Stack.of(scope).formatArn({ service: 'dynamodb', resource: 'table', resourceName });
}

export function bucketArn(scope: Construct, environment: string): string {
  return `arn:${Stack.of(scope).partition}:s3:::${bucketName(environment)}`;
}
