import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { journalContract, runContract } from '@swe/testing/contracts';
import type { JournalSubject } from '@swe/testing/contracts';
import { MemoryBlobStore } from '@swe/testing/memory';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { openTable } from './dynamo-fixture';
import { DynamoJournal } from './dynamo-journal';
import { DynamoOutbox } from './dynamo-outbox';
import { DynamoSessionStore } from './dynamo-session-store';
import { journalKey } from './item-key';

const emulator = useEmulator(openDynamoDbLocal);

runContract<JournalSubject, keyof typeof journalContract>('DynamoJournal', journalContract, async () => {
  const { table, tableName, client, close } = await openTable(emulator.endpoint);
  const blobs = new MemoryBlobStore();
  return {
    subject: {
      journal: new DynamoJournal(table, blobs),
      store: new DynamoSessionStore(table, blobs),
      outbox: new DynamoOutbox(table, blobs),
      plant: async (sessionId, { seq, v, ...entry }) => {
        const key = journalKey(sessionId, Number(seq));
        const value = JSON.stringify({ v, entries: [entry] });
        await client.send(new PutCommand({ TableName: tableName, Item: { ...key, seq, value } }));
      },
    },
    close,
  };
});
