import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoTable } from '@swe/adapter-aws/dynamodb';
import type { Clock, Random } from '@swe/domain';
import { clientSettings } from './aws-client';
import type { AwsAccess } from './aws-client';

export interface AwsTableOptions extends AwsAccess {
  readonly tableName: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** The table of a deployment. */
export function openAwsTable({ tableName, clock, random, ...access }: AwsTableOptions) {
  const client = new DynamoDBClient(clientSettings(access));
  return {
    table: new DynamoTable({ client, tableName, clock, random }),
    credentials: client.config.credentials,
  };
}
