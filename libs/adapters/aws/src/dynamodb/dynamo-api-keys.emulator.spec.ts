import { apiKeysContract, runContract } from '@swe/testing/contracts';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { DynamoApiKeys } from './dynamo-api-keys';
import { openTable } from './dynamo-fixture';

const emulator = useEmulator(openDynamoDbLocal);

runContract('DynamoApiKeys', apiKeysContract, async () => {
  const { table, close } = await openTable(emulator.endpoint);
  return { subject: new DynamoApiKeys(table), close };
});
