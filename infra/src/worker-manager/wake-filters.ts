import { FilterCriteria, FilterRule } from 'aws-cdk-lib/aws-lambda';

/** Written by adapters: docs/decisions/0012-one-table.md */
const keysOf = (sk: string) => ({
  pk: { S: FilterRule.beginsWith('session/') },
  sk: { S: FilterRule.beginsWith(sk) },
});

/** What of the table's stream is worth a call: a new message, and a new post that no lease's holder knows of. */
export const WAKE_FILTERS = [
  FilterCriteria.filter({
    eventName: FilterRule.isEqual('INSERT'),
    dynamodb: { Keys: keysOf('inbox/') },
  }),
  FilterCriteria.filter({
    eventName: FilterRule.isEqual('INSERT'),
    dynamodb: { Keys: keysOf('outbox/'), NewImage: { isUnleased: { BOOL: [true] } } },
  }),
];
