import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from '@jest/globals';
import { sessionIdOf } from '@swe/domain';
import type { Session } from '@swe/domain';
import { allPages, expectFault, incoming, runContract, sessionStoreContract } from '@swe/testing/contracts';
import { MemoryBlobStore } from '@swe/testing/memory';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { loseAnswers, openTable, openTableAgain } from './dynamo-fixture';
import { DynamoOutbox } from './dynamo-outbox';
import { DynamoSessionStore } from './dynamo-session-store';
import { outboxKey } from './item-key';
import { UNLEASED } from './table';

const emulator = useEmulator(openDynamoDbLocal);
const sessionId = sessionIdOf('terminal:1', 1);

runContract('DynamoSessionStore', sessionStoreContract, async () => {
  const { table, close } = await openTable(emulator.endpoint);
  const blobs = new MemoryBlobStore();
  const subject = { store: new DynamoSessionStore(table, blobs), outbox: new DynamoOutbox(table, blobs) };
  return { subject, close };
});

async function open() {
  const opened = await openTable(emulator.endpoint);
  const blobs = new MemoryBlobStore();
  return { ...opened, blobs, store: new DynamoSessionStore(opened.table, blobs) };
}

it('forty messages received at once by four processes get forty numbers', async () => {
  const { tableName, blobs, store, close } = await open();
  const others = Array.from({ length: 4 }, () => openTableAgain(emulator.endpoint, tableName));
  const stores = others.map(({ table }) => new DynamoSessionStore(table, blobs));
  const receipts = await Promise.all(
    Array.from({ length: 40 }, (_, i) => stores[i % 4]!.receive(incoming(`k${i}`))),
  );
  const numbers = Array.from({ length: 40 }, (_, i) => i + 1);
  expect(receipts.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(numbers);
  expect((await store.readInbox(sessionId, 0)).map(({ seq }) => seq)).toEqual(numbers);
  await Promise.all([close(), ...others.map((other) => other.close())]);
});

it('the same message from eight processes at once is accepted once', async () => {
  const { tableName, blobs, store, close } = await open();
  const others = Array.from({ length: 8 }, () => openTableAgain(emulator.endpoint, tableName));
  const receipts = await Promise.all(
    others.map(({ table }) => new DynamoSessionStore(table, blobs).receive(incoming('a'))),
  );
  expect(receipts.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  expect(await store.readInbox(sessionId, 0)).toHaveLength(1);
  await Promise.all([close(), ...others.map((other) => other.close())]);
});

it('the posts of an answer say that no lease holder knows of them', async () => {
  const { table, store, close } = await open();
  const post = { effectKey: 'a/help', class: 'message', body: 'Help.', createdAtMs: 1 } as const;
  await store.receive(incoming('a'), () => ({ posts: [post] }));
  expect(await table.get(outboxKey(sessionId, 'a/help'))).toMatchObject({ [UNLEASED]: true });
  await close();
});

it('a write whose answer is lost is done once', async () => {
  const { client, store, close } = await open();
  const losing = loseAnswers(client);
  const losingOnce = async <T>(write: Promise<T>) => {
    losing.left = 1;
    const result = await write;
    expect(losing.left).toBe(0);
    return result;
  };
  expect(await losingOnce(store.receive(incoming('a')))).toMatchObject({ seq: 1, duplicate: false });
  expect(await losingOnce(store.receive(incoming('b')))).toMatchObject({ seq: 2, duplicate: false });
  const lease = await losingOnce(
    store.takeLease({ sessionId, holder: 'agent', generation: 0, dueAtMs: 9_000 }),
  );
  expect(lease).toMatchObject({ holder: 'agent', fence: 1, revision: 1 });
  const renewed = await losingOnce(store.renewLease(lease, 12_000));
  expect(renewed.revision).toBe(2);
  expect(await store.readLease(sessionId)).toEqual(renewed);
  expect(await losingOnce(store.change(sessionId, 0, { cursor: 2 }))).toMatchObject({ revision: 1 });
  expect(await losingOnce(store.releaseLease(renewed, {}))).toBe(true);
  await close();
});

it('a message whose every answer is lost is a duplicate when it is received again', async () => {
  const { client, store, close } = await open();
  const losing = loseAnswers(client);
  losing.left = Number.POSITIVE_INFINITY;
  await expectFault(store.receive(incoming('a')), 'transient');
  losing.left = 0;
  expect(await store.receive(incoming('a'))).toEqual({ sessionId, seq: 1, duplicate: true });
  await close();
});

it('a message too long for an item is given back unchanged, also after an edit', async () => {
  const { store, close } = await open();
  const [text, other] = ['ü'.repeat(300_000), 'x'.repeat(500_000)];
  await store.receive(incoming('a', { body: { kind: 'text', text } }));
  expect((await store.readInbox(sessionId, 0))[0]?.body).toEqual({ kind: 'text', text });
  await store.revise({ editKey: 'a/1', messageKey: 'a', body: { kind: 'text', text: other } });
  expect((await store.findMessage('a'))?.item).toMatchObject({ revision: 1, body: { text: other } });
  await close();
});

it('names longer than a key are names like any other', async () => {
  const { store, close } = await open();
  const long = 'k'.repeat(3_000);
  const origins = [`${long}1`, `${long}2`];
  for (const origin of origins) await store.receive(incoming(`${origin}/m`, { origin }));
  expect(await store.receive(incoming(`${long}1/m`, { origin: long }))).toMatchObject({ duplicate: true });
  const ids = origins.map((origin) => sessionIdOf(origin, 1));
  for (const id of ids) expect(await store.readInbox(id, 0)).toHaveLength(1);
  expect(await store.revise({ editKey: `${long}/e`, messageKey: `${long}1/m` })).toBe('revised');
  expect(await store.revise({ editKey: `${long}/e`, messageKey: `${long}1/m` })).toBe('duplicate');
  await close();
});

it('an origin that took over a session goes on with its own rounds', async () => {
  const { store, close } = await open();
  const end = async (id: string) => {
    const session = await store.load(id);
    await store.change(id, session?.revision ?? 0, {
      status: 'ended',
      cursor: (await store.readInbox(id, 0)).length,
    });
  };
  for (const round of [1, 2]) {
    const receipt = await store.receive(incoming(`a${round}`));
    expect(receipt.sessionId).toBe(sessionIdOf('terminal:1', round));
    await end(receipt.sessionId);
  }
  const other = await store.receive(incoming('b', { origin: 'terminal:2' }));
  await store.takeOver('terminal:1', other.sessionId);
  await end(other.sessionId);
  expect(await store.receive(incoming('a3'))).toMatchObject({ sessionId: sessionIdOf('terminal:1', 3) });
  await close();
});

it('a session with many reasons to be due is listed once, among many, and so is each of all', async () => {
  const { table, blobs, store, close } = await open();
  const outbox = new DynamoOutbox(table, blobs);
  const ids = [];
  for (let i = 0; i < 50; i += 1) {
    const receipt = await store.receive(incoming(`m${i}`, { origin: `terminal:${i}`, receivedAtMs: i }));
    ids.push(receipt.sessionId);
  }
  for (const id of ids.slice(0, 5)) {
    await store.change(id, 0, { retryAtMs: 1 });
    await store.takeLease({ sessionId: id, holder: 'agent', generation: 0, dueAtMs: 2 });
    const post = { effectKey: 'p', destination: 'd', class: 'message', body: 'b', createdAtMs: 3 } as const;
    await outbox.put({ ...post, sessionId: id });
  }
  expect((await allPages((page) => store.listDue(9, page))).toSorted()).toEqual(ids.toSorted());
  const listed = await allPages<Session>((page) => store.list(page));
  expect(listed.map(({ id }) => id)).toEqual(ids.toReversed());
  await expectFault(store.listDue(9, { limit: 2, after: 'nonsense' }), 'invalid');
  await close();
});

it('what cannot be read is `invalid` and names its session; what cannot be stored is `invalid` at once', async () => {
  const { client, tableName, store, close } = await open();
  await store.receive(incoming('a'));
  await expectFault(store.change(sessionId, 0, { failure: 'x'.repeat(400_000) }), 'invalid');
  expect(await store.load(sessionId)).toMatchObject({ revision: 0 });
  const key = { pk: { S: `session/${sessionId}` }, sk: { S: 'session' } };
  const value = { S: '{"id":7}' };
  await client.send(new PutItemCommand({ TableName: tableName, Item: { ...key, value } }));
  expect((await expectFault(store.load(sessionId), 'invalid')).message).toContain(sessionId);
  await close();
});

it('a table that does not exist is named', async () => {
  const { table, close } = openTableAgain(emulator.endpoint, 'swe-nowhere');
  const store = new DynamoSessionStore(table, new MemoryBlobStore());
  const uses = [
    () => store.receive(incoming('a')),
    () => store.load(sessionId),
    () => store.list({ limit: 1 }),
    () => store.change(sessionId, 0, {}),
  ];
  for (const use of uses) expect((await expectFault(use(), 'invalid')).message).toContain('swe-nowhere');
  await close();
});
