import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { expectFault } from '@swe/testing/contracts';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeNextWrite, loseAnswers, openTable } from './dynamo-fixture';
import type { OpenTable } from './dynamo-fixture';
import { DynamoWorkerRegister } from './dynamo-worker-register';
import { workerKey } from './item-key';

const emulator = useEmulator(openDynamoDbLocal);

let opened: OpenTable;
let register: DynamoWorkerRegister;
beforeAll(async () => {
  opened = await openTable(emulator.endpoint);
  register = new DynamoWorkerRegister(opened.table);
});
afterAll(() => opened.close());

it('of rivals for a generation one is entered, and all learn which', async () => {
  const ids = ['i-1', 'i-2', 'i-3', 'i-4'];
  const claims = ids.map((instanceId) => register.enter('rivals', { generation: 1, instanceId, atMs: 5 }));
  const entered = new Set((await Promise.all(claims)).map(({ instanceId }) => instanceId));
  expect(entered.size).toBe(1);
  const [instanceId] = entered;
  expect(await register.read('rivals')).toEqual({
    deadGeneration: 0,
    generation: 1,
    instanceId,
    enteredAtMs: 5,
  });
});

it('a session without an entry has none', async () => {
  expect(await register.read('nobody')).toEqual({ deadGeneration: 0, generation: 0, enteredAtMs: 0 });
});

it('what is buried while it is entered is not entered', async () => {
  beforeNextWrite(opened.client, () => register.bury('late', 1));
  expect(await register.enter('late', { generation: 1, instanceId: 'i-1', atMs: 5 })).toMatchObject({
    deadGeneration: 1,
    generation: 0,
  });
  expect((await register.read('late')).instanceId).toBeUndefined();
});

it('a write whose answer is lost is done once', async () => {
  loseAnswers(opened.client).left = 1;
  await register.enter('lost', { generation: 1, instanceId: 'i-1', atMs: 5 });
  expect(await register.bury('lost', 1)).toMatchObject({ deadGeneration: 1, instanceId: 'i-1' });
});

it('an entry that cannot be read is `invalid`, and names its session', async () => {
  const Item = { ...workerKey('damaged'), revision: 1, worker: '{' };
  await opened.client.send(new PutCommand({ TableName: opened.tableName, Item }));
  expect((await expectFault(register.read('damaged'), 'invalid')).message).toContain('damaged');
});
