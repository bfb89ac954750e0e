import type { Construct } from 'constructs';
import type { Permission } from '../permission';
import { logGroupNameOf } from '../names';
import { bucketArn, tableArn, writeLog } from '../permissions';

/** The id of the session as which the role was taken: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
const SESSION = '${aws:PrincipalTag/swe:session}';

/** Partitions, as docs/decisions/0012-one-table.md has them. */
const OWN = `session/${SESSION}`;
const LEDGERS = 'ledger/*';
/** A pull request's thread is made to speak to the session that opened it. */
const THREADS = 'alias/github:*';
const APPROVALS = 'access/*';

/**
 * The session's partition; of others what several share. An action has one statement for all partitions that one request
 * may name with it, because the condition is on all of them together:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function useSessionTable(scope: Construct, environment: string): readonly Permission[] {
  const resources = [tableArn(scope, environment)];
  const on = (actions: readonly string[], ...keys: readonly string[]): Permission => ({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources,
    conditions: within(keys),
  });
  return [
    on(['BatchGetItem', 'GetItem'], OWN, LEDGERS, THREADS, APPROVALS),
    on(['ConditionCheckItem', 'PutItem', 'UpdateItem'], OWN, LEDGERS, THREADS),
    on(['DeleteItem', 'Query'], OWN),
    // Whether another session, to which such a thread speaks, has ended, and the cap of one that this one works for.
    {
      actions: ['dynamodb:GetItem'],
      resources,
      conditions: {
        ...within(['session/*']),
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'isClosed', 'capNanoUsd'] },
        StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      },
    },
  ];
}

/** Without the null check the condition would also hold for a request that names no key. */
const within = (keys: readonly string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

/** What the session has in the bucket. Without the right to list it, an object that is missing is told as denied. */
export function useSessionBlobs(scope: Construct, environment: string): readonly Permission[] {
  const bucket = bucketArn(scope, environment);
  const prefix = `sessions/${SESSION}/*`;
  return [
    {
      actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
      resources: [`${bucket}/${prefix}`],
      wildcard: 'Every object of the session.',
    },
    {
      actions: ['s3:ListBucket'],
      resources: [bucket],
      conditions: { StringLike: { 's3:prefix': prefix } },
    },
  ];
}

/** A stream for each machine of the session. */
export const writeSessionLog = (scope: Construct, environment: string): Permission =>
  writeLog(scope, logGroupNameOf(environment, 'agent'), {
    streams: `${SESSION}/*`,
    wildcard: 'Every machine of the session.',
  });
