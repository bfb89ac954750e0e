import { runContract, sessionStoreContract } from '@swe/testing/contracts';
import { MemoryBlobStore } from '@swe/testing/memory';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { openTable } from './dynamo-fixture';
import { DynamoSessionStore } from './dynamo-session-store';

const emulator = useEmulator(openDynamoDbLocal);

runContract('DynamoSessionStore', sessionStoreContract, async () => {
  const { table, close } = await openTable(emulator.endpoint);
  return { subject: new DynamoSessionStore(table, new MemoryBlobStore()), close };
});
