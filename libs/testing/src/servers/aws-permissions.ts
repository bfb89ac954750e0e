import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { IamRequest } from './iam-policy';

/** A request as it came over the wire. */
export interface AwsRequest {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What somebody has to be allowed; the principal is not part of it. */
export type AwsPermission = IamRequest;

const key = z.looseObject({ pk: z.object({ S: z.string() }) }).transform(({ pk }) => pk.S);
const target = z.object({ Key: key }).transform((each) => each.Key);
const call = z.object({
  Key: key.optional(),
  IndexName: z.string().optional(),
  ProjectionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: z.record(z.string(), z.object({ S: z.string().optional() })).default({}),
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(key) })).default({}),
  TransactItems: z
    .array(
      z.object({
        ConditionCheck: target.optional(),
        Delete: target.optional(),
        Put: z
          .object({ Item: key })
          .transform(({ Item }) => Item)
          .optional(),
        Update: target.optional(),
      }),
    )
    .default([]),
});
type Call = z.infer<typeof call>;

const PARTS = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
} as const;

/**
 * What a request to DynamoDB has to be allowed for a table. Of a transaction, each of its actions has to be allowed for the
 * partitions of all: which of them one is held against is not documented, so it is held against the most.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export function dynamoPermissions({ headers, body }: AwsRequest, table: string): readonly AwsPermission[] {
  const [, operation = ''] = String(headers['x-amz-target']).split('.');
  const asked = call.parse(JSON.parse(body.toString()));
  const resource = asked.IndexName === undefined ? table : `${table}/index/${asked.IndexName}`;
  const context = { ...keysOf(asked), ...attributesOf(asked) };
  const actions = operation === 'TransactWriteItems' ? partsOf(asked) : [operation];
  return actions.map((action) => ({ action: `dynamodb:${action}`, resource, context }));
}

function keysOf({
  Key,
  RequestItems,
  TransactItems,
  ExpressionAttributeValues,
}: Call): AwsPermission['context'] {
  const keys = [
    Key,
    ...Object.values(RequestItems).flatMap(({ Keys }) => Keys),
    ...TransactItems.flatMap((item) => Object.values(item)),
    // Of a query, by the name that the adapter gives it.
    ExpressionAttributeValues[':pk']?.S,
  ].filter((each) => each !== undefined);
  return keys.length === 0 ? {} : { 'dynamodb:LeadingKeys': keys };
}

function attributesOf({
  ProjectionExpression,
  ExpressionAttributeNames: names,
}: Call): AwsPermission['context'] {
  if (ProjectionExpression === undefined) return {};
  const attributes = ProjectionExpression.split(/,\s*/).map((name) => names[name] ?? name);
  return { 'dynamodb:Attributes': attributes, 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' };
}

function partsOf({ TransactItems }: Call): readonly string[] {
  const parts = TransactItems.flatMap((item) => Object.keys(item) as (keyof typeof PARTS)[]);
  return [...new Set(parts.map((part) => PARTS[part]))];
}

const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  DELETE: 's3:DeleteObject',
  GET: 's3:GetObject',
  PUT: 's3:PutObject',
};

/** What a request to S3 has to be allowed, its bucket in the path. */
export function s3Permissions({ method, url }: AwsRequest, bucket: string): readonly AwsPermission[] {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const object = decodeURIComponent(pathname).split('/').slice(2).join('/');
  if (object === '') {
    const prefix = searchParams.get('prefix');
    return [{ action: 's3:ListBucket', resource: bucket, context: prefix ? { 's3:prefix': prefix } : {} }];
  }
  const action = OBJECT_ACTIONS[method] ?? `s3:${method}`;
  return [{ action, resource: `${bucket}/${object}`, context: {} }];
}
