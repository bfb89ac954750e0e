import { expect, it } from '@jest/globals';
import type { OutboxEntry } from '@swe/domain';
import { expectFault, outboxContract, runContract } from '@swe/testing/contracts';
import { MemoryBlobStore } from '@swe/testing/memory';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { loseAnswers, openTable, openTableAgain } from './dynamo-fixture';
import { DynamoOutbox } from './dynamo-outbox';
import { DynamoSessionStore } from './dynamo-session-store';

const emulator = useEmulator(openDynamoDbLocal);

async function open() {
  const opened = await openTable(emulator.endpoint);
  const blobs = new MemoryBlobStore();
  return {
    ...opened,
    blobs,
    outbox: new DynamoOutbox(opened.table, blobs),
    store: new DynamoSessionStore(opened.table, blobs),
  };
}

runContract('DynamoOutbox', outboxContract, async () => {
  const { close, ...subject } = await open();
  return { subject, close };
});

it('posts that several processes put at once are all there, each once, and in one order', async () => {
  const { outbox, blobs, tableName, close } = await open();
  const others = Array.from({ length: 3 }, () => openTableAgain(emulator.endpoint, tableName));
  await Promise.all(
    others.flatMap(({ table }) =>
      Array.from({ length: 5 }, (_, i) => new DynamoOutbox(table, blobs).put(entry(`p${i}`))),
    ),
  );
  const listed = (await outbox.listUndelivered('s1')).map((item) => item.entry.effectKey);
  expect(listed.toSorted()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
  expect((await outbox.listUndelivered('s1')).map((item) => item.entry.effectKey)).toEqual(listed);
  await Promise.all([close(), ...others.map((other) => other.close())]);
});

it('claims, receipts and settlements whose answer is lost are written once', async () => {
  const { outbox, client, close } = await open();
  const losing = loseAnswers(client);
  const losingOnce = <T>(write: () => Promise<T>): Promise<T> => {
    losing.left = 1;
    return write();
  };
  await losingOnce(() => outbox.put(entry('a')));
  const first = await losingOnce(() => outbox.claim(entry('a'), { name: 'agent', lapsesAtMs: 100 }, 0));
  expect(first.attempt).toBe(1);
  await losingOnce(() => outbox.defer(first, 200));
  const second = await losingOnce(() => outbox.claim(entry('a'), { name: 'agent', lapsesAtMs: 300 }, 200));
  const recorded = await losingOnce(() => outbox.record(second, 'post-1'));
  expect(recorded).toMatchObject({ attempt: 2, receipts: ['post-1'] });
  await losingOnce(() => outbox.settle(recorded));
  expect(await outbox.listUndelivered('s1')).toEqual([]);
  await close();
});

it('a receipt goes behind those that are stored, also by a claim from before them', async () => {
  const { outbox, close } = await open();
  await outbox.put(entry('a'));
  const claim = await outbox.claim(entry('a'), { name: 'agent', lapsesAtMs: 100 }, 0);
  await outbox.record(claim, 'part-1');
  expect(await outbox.record(claim, 'part-2')).toMatchObject({ receipts: ['part-1', 'part-2'] });
  const next = await outbox.claim(entry('a'), { name: 'other', lapsesAtMs: 200 }, 100);
  expect(next.receipts).toEqual(['part-1', 'part-2']);
  await close();
});

it('a post too long for an item, and an effect key too long for a key, are given back unchanged', async () => {
  const { outbox, close } = await open();
  const [long, other] = ['k'.repeat(2_000), 'k'.repeat(2_001)].map((key) =>
    entry(key, { class: 'status', body: 'ü'.repeat(300_000) }),
  ) as [OutboxEntry, OutboxEntry];
  await outbox.put(long);
  await outbox.put(other);
  await outbox.put(long);
  expect((await outbox.listUndelivered('s1')).map((item) => item.entry)).toEqual([long, other]);
  const claim = await outbox.claim(long, { name: 'agent', lapsesAtMs: 100 }, 0);
  expect(claim.entry).toEqual(long);
  await outbox.put({ ...long, body: 'short' });
  await expectFault(outbox.settle(claim), 'conflict');
  await close();
});

function entry(effectKey: string, changes: Partial<OutboxEntry> = {}): OutboxEntry {
  const rest = { destination: 'terminal:1', class: 'message', body: 'b', createdAtMs: 1 } as const;
  return { effectKey, sessionId: 's1', ...rest, ...changes };
}
