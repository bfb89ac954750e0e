export * from './dynamo-journal';
export * from './dynamo-ledger';
export * from './dynamo-outbox';
export * from './dynamo-session-store';
export { DynamoTable } from './dynamo-table';
export type { DynamoTableOptions } from './dynamo-table';
export * from './dynamo-worker-register';
export { createTableInput } from './table';
