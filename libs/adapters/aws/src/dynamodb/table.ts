import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** The names that the table, its indexes and every item agree on. */
export const DUE_INDEX = 'due';
export const AGE_INDEX = 'age';

/**
 * Marks an outbox item that came without a lease when it is made. The table's stream is filtered by it: what a lease's
 * holder wrote it also delivers.
 */
export const UNLEASED = 'isUnleased';

/**
 * What makes the store's table, without what differs between environments (stream, backups, encryption, tags). Both
 * indexes are sparse: an item is in them while it carries their two attributes. They hold keys only, so that an item
 * that changes while due costs nothing there.
 */
export function createTableInput(tableName: string): CreateTableCommandInput {
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      { AttributeName: 'dueShard', AttributeType: 'N' },
      { AttributeName: 'dueAtMs', AttributeType: 'N' },
      { AttributeName: 'ageShard', AttributeType: 'N' },
      { AttributeName: 'age', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: DUE_INDEX,
        KeySchema: [
          { AttributeName: 'dueShard', KeyType: 'HASH' },
          { AttributeName: 'dueAtMs', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
      {
        IndexName: AGE_INDEX,
        KeySchema: [
          { AttributeName: 'ageShard', KeyType: 'HASH' },
          { AttributeName: 'age', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  };
}
