import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/** The store's table, as docs/decisions/0012-one-table.md has it. */
export function sessionTable(scope: Construct, tableName: string): Table {
  const table = new Table(scope, 'Table', {
    tableName,
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    // The manager's filter looks into what was written.
    stream: StreamViewType.NEW_IMAGE,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const projectionType = ProjectionType.KEYS_ONLY;
  table.addGlobalSecondaryIndex({
    indexName: 'due',
    partitionKey: { name: 'dueShard', type: AttributeType.NUMBER },
    sortKey: { name: 'dueAtMs', type: AttributeType.NUMBER },
    projectionType,
  });
  table.addGlobalSecondaryIndex({
    indexName: 'age',
    partitionKey: { name: 'ageShard', type: AttributeType.NUMBER },
    sortKey: { name: 'age', type: AttributeType.STRING },
    projectionType,
  });
  return table;
}
