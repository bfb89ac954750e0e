import { randomBytes } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  createTableInput,
  DynamoJournal,
  DynamoLedger,
  DynamoOutbox,
  DynamoSessionStore,
  DynamoTable,
} from '@swe/adapter-aws/dynamodb';
import { MemoryBlobStore } from '@swe/testing/memory';
import { CallsInFlight } from './calls-in-flight';
import type { WorldStore } from './world-store';

/** More than one, so that a list goes over several; each costs a request. */
const SHARDS = 2;

/** A pause is real, and inside a call: virtual time stands still until it is over. */
const clock = { sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };
const random = {
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
  id: () => randomBytes(16).toString('hex'),
};

/** A world's store as it is on AWS, in a table of its own. */
export async function openDynamoStore(client: DynamoDBClient): Promise<WorldStore> {
  const tableName = `sweep-${random.id()}`;
  await client.send(new CreateTableCommand(createTableInput(tableName)));
  const table = new DynamoTable({ client, tableName, clock, random, shards: SHARDS });
  const blobs = new MemoryBlobStore();
  const calls = new CallsInFlight();
  return {
    store: calls.counted(new DynamoSessionStore(table, blobs)),
    journal: calls.counted(new DynamoJournal(table, blobs)),
    outbox: calls.counted(new DynamoOutbox(table, blobs)),
    ledger: calls.counted(new DynamoLedger(table)),
    settle: () => calls.settle(),
    close: async () => void (await client.send(new DeleteTableCommand({ TableName: tableName }))),
  };
}
