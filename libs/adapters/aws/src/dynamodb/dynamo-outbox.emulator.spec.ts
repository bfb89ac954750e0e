import { outboxContract, runContract } from '@swe/testing/contracts';
import { MemoryBlobStore } from '@swe/testing/memory';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { openTable } from './dynamo-fixture';
import { DynamoOutbox } from './dynamo-outbox';
import { DynamoSessionStore } from './dynamo-session-store';

const emulator = useEmulator(openDynamoDbLocal);

runContract('DynamoOutbox', outboxContract, async () => {
  const { table, close } = await openTable(emulator.endpoint);
  const blobs = new MemoryBlobStore();
  return {
    subject: { outbox: new DynamoOutbox(table, blobs), store: new DynamoSessionStore(table, blobs) },
    close,
  };
});
