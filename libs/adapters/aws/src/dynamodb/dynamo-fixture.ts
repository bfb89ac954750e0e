import { randomBytes } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoTable } from './dynamo-table';
import type { DynamoTableOptions } from './dynamo-table';
import { createTableInput } from './table';

/** A table of a test's own, with the client it is used through. */
export interface OpenTable {
  readonly table: DynamoTable;
  readonly tableName: string;
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

/** Chance, and a clock on which a pause is a turn of the event loop. */
const quick: Pick<DynamoTableOptions, 'clock' | 'random'> = {
  clock: { sleep: () => new Promise((resolve) => setImmediate(resolve)) },
  random: {
    fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
    id: () => randomBytes(16).toString('hex'),
  },
};

export async function openTable(endpoint: string): Promise<OpenTable> {
  const tableName = `swe-${randomBytes(8).toString('hex')}`;
  const opened = openTableAgain(endpoint, tableName);
  await opened.client.send(new CreateTableCommand(createTableInput(tableName)));
  return opened;
}

/** A table that exists, through a client of its own, as another process would have it. */
export function openTableAgain(endpoint: string, tableName: string): OpenTable {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials });
  const table = new DynamoTable({ client, tableName, ...quick });
  return { table, tableName, client, close: async () => client.destroy() };
}

/** Loses the answers to the next `left` writes: they are done, and whoever sent them sees the connection break. */
export function loseAnswers(client: DynamoDBClient): { left: number } {
  const losing = { left: 0 };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName !== 'TransactWriteItemsCommand' || losing.left === 0) return answer;
        losing.left -= 1;
        throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      },
    // Inside the SDK's own retries.
    { step: 'deserialize', priority: 'low' },
  );
  return losing;
}

/** Runs `event` once, when what the next write stores is decided, and before it is sent. */
export function beforeNextWrite(client: DynamoDBClient, event: () => Promise<unknown>): void {
  let isOver = false;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'TransactWriteItemsCommand' && !isOver) {
          isOver = true;
          await event();
        }
        return next(args);
      },
    { step: 'initialize' },
  );
}

/** Makes the `n`th write from now on fail before it is sent, as when the process had died there. */
export function failWrite(client: DynamoDBClient, n: number): void {
  let seen = 0;
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'TransactWriteItemsCommand' && ++seen === n) throw new Error('dead');
        return next(args);
      },
    { step: 'deserialize', priority: 'low' },
  );
}
