import { expect, it } from '@jest/globals';
import { accessContract, runContract } from '@swe/testing/contracts';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { DynamoAccess } from './dynamo-access';
import { openTable, openTableAgain } from './dynamo-fixture';

const emulator = useEmulator(openDynamoDbLocal);

runContract('DynamoAccess', accessContract, async () => {
  const { table, close } = await openTable(emulator.endpoint);
  return { subject: new DynamoAccess(table), close };
});

it('of two admins who approve at once one is kept', async () => {
  const { table, tableName, close } = await openTable(emulator.endpoint);
  const other = openTableAgain(emulator.endpoint, tableName);
  const approval = { workspace: 'slack:T', person: 'slack:T/ada', atMs: 1 };
  await Promise.all([
    new DynamoAccess(table).approve({ ...approval, by: 'slack:T/a' }),
    new DynamoAccess(other.table).approve({ ...approval, by: 'slack:T/b' }),
  ]);
  expect(await new DynamoAccess(table).list('slack:T')).toHaveLength(1);
  await Promise.all([close(), other.close()]);
});
