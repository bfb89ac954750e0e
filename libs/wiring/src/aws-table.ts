import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoTable } from '@swe/adapter-aws/dynamodb';
import type { Clock, Random } from '@swe/domain';
import { clientSettings } from './aws-client';

export interface AwsTableOptions {
  readonly region: string;
  readonly tableName: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** The table of a deployment. */
export function openAwsTable({ region, tableName, clock, random }: AwsTableOptions) {
  const client = new DynamoDBClient(clientSettings(region));
  return {
    table: new DynamoTable({ client, tableName, clock, random }),
    credentials: client.config.credentials,
  };
}
