import { DescribeContinuousBackupsCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { CreateTableCommandInput, DynamoDBClient, TableDescription } from '@aws-sdk/client-dynamodb';
import { Fault } from '@swe/domain';
import { asked } from './asked';

const DEPLOY = 'deploy it again: npx nx run-many -t deploy';

/** What a table is made with, as far as it is looked at. */
export type WantedTable = Pick<CreateTableCommandInput, 'TableName' | 'KeySchema' | 'GlobalSecondaryIndexes'>;

/** The store's table, and its stream. Throws all that is not as the store needs it, and as it is deployed. */
export async function checkTable(client: DynamoDBClient, wanted: WantedTable, signal: AbortSignal) {
  const { TableName } = wanted;
  const options = { abortSignal: signal };
  const missing = `there is no table ${TableName}, ${DEPLOY}`;
  const { Table = {} } = await asked(client.send(new DescribeTableCommand({ TableName }), options), missing);
  const backups = new DescribeContinuousBackupsCommand({ TableName });
  const { ContinuousBackupsDescription } = await asked(client.send(backups, options), missing);
  const status =
    ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus ?? 'DISABLED';
  const lacks = [
    ...lacksOf(Table, wanted),
    ...(status === 'ENABLED' ? [] : ['point-in-time recovery is off']),
  ];
  const streamArn = Table.LatestStreamArn;
  if (lacks.length > 0 || streamArn === undefined) {
    throw new Fault('invalid', `table ${TableName}: ${lacks.join(', ')}: ${DEPLOY}`);
  }
  return { streamArn, detail: `${TableName}, ${Table.ItemCount ?? 0} items when they were last counted` };
}

function lacksOf(
  table: TableDescription,
  { KeySchema, GlobalSecondaryIndexes: indexes = [] }: WantedTable,
): readonly string[] {
  const { TableStatus = 'unknown', GlobalSecondaryIndexes: there = [], StreamSpecification: stream } = table;
  return [
    ...(TableStatus === 'ACTIVE' || TableStatus === 'UPDATING' ? [] : [`it is ${TableStatus}`]),
    ...(isSame(table.KeySchema, KeySchema) ? [] : ['its keys are not pk and sk']),
    ...indexes.flatMap(({ IndexName, KeySchema: keys }) => {
      const index = there.find((each) => each.IndexName === IndexName);
      if (index === undefined || !isSame(index.KeySchema, keys)) return [`it lacks the index ${IndexName}`];
      return index.IndexStatus === 'ACTIVE' ? [] : [`the index ${IndexName} is ${index.IndexStatus}`];
    }),
    ...(stream?.StreamEnabled === true && stream.StreamViewType === 'NEW_IMAGE'
      ? []
      : ['its stream of new images is off']),
  ];
}

type Keys = TableDescription['KeySchema'];

function isSame(left: Keys, right: Keys): boolean {
  const words = (keys: Keys) =>
    (keys ?? []).map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`);
  return words(left).toSorted().join() === words(right).toSorted().join();
}
