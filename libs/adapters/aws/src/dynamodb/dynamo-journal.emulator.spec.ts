import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from '@jest/globals';
import { JOURNAL_VERSION } from '@swe/domain';
import type { Journal, JournalEntry, NewJournalEntry, OutboxEntry, SessionStore } from '@swe/domain';
import { expectFault, incoming, journalContract, runContract } from '@swe/testing/contracts';
import type { JournalSubject } from '@swe/testing/contracts';
import { MemoryBlobStore } from '@swe/testing/memory';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { failWrite, loseAnswers, openTable, openTableAgain } from './dynamo-fixture';
import { DynamoJournal } from './dynamo-journal';
import { DynamoOutbox } from './dynamo-outbox';
import { DynamoSessionStore } from './dynamo-session-store';
import { journalKey } from './item-key';

const emulator = useEmulator(openDynamoDbLocal);

async function open() {
  const opened = await openTable(emulator.endpoint);
  const { table, tableName, client } = opened;
  const blobs = new MemoryBlobStore();
  return {
    ...opened,
    blobs,
    journal: new DynamoJournal(table, blobs),
    store: new DynamoSessionStore(table, blobs),
    outbox: new DynamoOutbox(table, blobs),
    put: (item: Record<string, unknown>) => client.send(new PutCommand({ TableName: tableName, Item: item })),
  };
}

runContract<JournalSubject, keyof typeof journalContract>('DynamoJournal', journalContract, async () => {
  const { put, close, ...subject } = await open();
  const plant: JournalSubject['plant'] = async (sessionId, { seq, v, ...entry }) => {
    const value = JSON.stringify({ v, entries: [entry] });
    await put({ ...journalKey(sessionId, Number(seq)), seq, value });
  };
  return { subject: { ...subject, plant }, close };
});

it('two processes that append at once with the same fence leave no gap and mix no append', async () => {
  const { journal, store, blobs, tableName, close } = await open();
  const { sessionId, fence } = await leased(store);
  const other = openTableAgain(emulator.endpoint, tableName);
  const journals = [journal, new DynamoJournal(other.table, blobs)];
  const lasts = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      journals[i % 2]!.append({
        sessionId,
        fence,
        entries: ['x', 'y', 'z'].map((part) => tool(`${part}${i}`)),
      }),
    ),
  );
  expect(lasts.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => 3 * (i + 1)));
  const names = callIds(await readAll(journal, sessionId));
  expect(names).toHaveLength(36);
  for (let i = 0; i < names.length; i += 3) {
    const append = names[i]?.slice(1);
    expect(names.slice(i, i + 3)).toEqual(['x', 'y', 'z'].map((part) => `${part}${append}`));
  }
  await Promise.all([close(), other.close()]);
});

it('of a holder and whoever takes its lease over, the old one writes nothing after', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { journal, store, close } = await open();
    const { sessionId, fence, lease } = await leased(store);
    const claim = { sessionId, holder: 'second', generation: 0, dueAtMs: 9_000, from: lease };
    const [old, taken] = await Promise.allSettled([
      journal.append({ sessionId, fence, entries: [tool('old')] }),
      store
        .takeLease(claim)
        .then((next) => journal.append({ sessionId, fence: next.fence, entries: [tool('new')] })),
    ]);
    expect(taken.status).toBe('fulfilled');
    const expected = old.status === 'fulfilled' ? ['old', 'new'] : ['new'];
    expect(callIds(await readAll(journal, sessionId))).toEqual(expected);
    await close();
  }
});

it('heartbeats and appends that meet both succeed', async () => {
  const { journal, store, close } = await open();
  const { sessionId, fence, lease } = await leased(store);
  const beats = Array.from({ length: 8 }, (_, i) => store.renewLease(lease, 10_000 + i));
  const appends = Array.from({ length: 8 }, (_, i) =>
    journal.append({ sessionId, fence, entries: [tool(`t${i}`)] }),
  );
  await Promise.all([...beats, ...appends]);
  expect((await store.readLease(sessionId))?.revision).toBe(lease.revision + 8);
  expect(await readAll(journal, sessionId)).toHaveLength(8);
  await close();
});

it('an append whose answer is lost is written once', async () => {
  const { journal, store, outbox, client, close } = await open();
  const { sessionId, fence } = await leased(store);
  const losing = loseAnswers(client);
  losing.left = 1;
  const outbox1 = [post('p', sessionId)];
  const session = { title: 'changed' };
  expect(await journal.append({ sessionId, fence, entries: [tool('a')], outbox: outbox1, session })).toBe(1);
  expect(losing.left).toBe(0);
  expect(callIds(await readAll(journal, sessionId))).toEqual(['a']);
  expect(await outbox.listUndelivered(sessionId)).toHaveLength(1);
  expect(await store.load(sessionId)).toMatchObject({ title: 'changed', revision: 1 });
  await close();
});

it('a journal of several megabytes is read in order, from anywhere, also from within an append', async () => {
  const { journal, store, blobs, close } = await open();
  const { sessionId, fence } = await leased(store);
  const written: NewJournalEntry[] = [];
  for (let i = 0; i < 24; i += 1) {
    // Below and above what an item holds.
    const said = 'x'.repeat(i % 8 === 7 ? 450_000 : 45_000);
    const entries = [finished(`${i}/1 ${said}`), finished(`${i}/2 ${said}`)];
    await journal.append({ sessionId, fence, entries });
    written.push(...entries);
  }
  const expected = written.map((entry, i) => ({ ...entry, seq: i + 1, v: JOURNAL_VERSION }));
  expect(await readAll(journal, sessionId)).toEqual(expected);
  for (const from of [0, 2, 15, 16, 47, 48]) {
    expect(await readAll(journal, sessionId, from)).toEqual(expected.slice(Math.max(0, from - 1)));
  }
  expect(await readAll(journal, sessionId, 49)).toEqual([]);
  expect((await blobs.list(sessionId, { limit: 10 })).items).toHaveLength(3);
  await close();
});

it('more messages than a transaction has actions are admitted and answered in one append', async () => {
  const { journal, store, close } = await open();
  const { sessionId, fence } = await leased(store);
  for (let i = 2; i <= 130; i += 1) await store.receive(incoming(`m${i}`));
  const seqs = Array.from({ length: 130 }, (_, i) => i + 1);
  await store.revise({ editKey: 'e', messageKey: 'm77', body: { kind: 'text', text: 'edited' } });
  const admit = { cursor: 130, items: seqs.map((seq) => ({ seq, revision: seq === 77 ? 1 : 0 })) };
  const outcomes = seqs.map((seq) => ({ seq, outcome: { kind: 'stopped' } as const }));
  const stale = { ...admit, items: seqs.map((seq) => ({ seq, revision: 0 })) };
  await expectFault(journal.append({ sessionId, fence, entries: [], admit: stale, outcomes }), 'conflict');
  await journal.append({ sessionId, fence, entries: [tool('a')], admit, outcomes });
  const inbox = await store.readInbox(sessionId, 0);
  expect(inbox.map(({ outcome }) => outcome?.kind)).toEqual(seqs.map(() => 'stopped'));
  expect(await store.listDue(8_999, { limit: 5 })).toEqual({ items: [] });
  await expectFault(
    journal.append({ sessionId, fence, entries: [], outcomes: outcomes.slice(-1) }),
    'conflict',
  );
  await close();
});

it('whoever dies while it admits many messages leaves the session due', async () => {
  const { journal, store, client, close } = await open();
  const { sessionId, fence } = await leased(store);
  for (let i = 2; i <= 60; i += 1) await store.receive(incoming(`m${i}`));
  const admit = (cursor: number) => ({ cursor, items: [] });
  const isDue = async () => (await store.listDue(8_999, { limit: 5 })).items.length === 1;
  failWrite(client, 2);
  await expect(journal.append({ sessionId, fence, entries: [], admit: admit(60) })).rejects.toThrow('dead');
  expect(await isDue()).toBe(true);
  await journal.append({ sessionId, fence, entries: [], admit: admit(40) });
  expect(await isDue()).toBe(true);
  await journal.append({ sessionId, fence, entries: [], admit: admit(60) });
  expect(await isDue()).toBe(false);
  await close();
});

it('a hole in a journal, a damaged item and a lost blob are `invalid`, naming the session', async () => {
  const { journal, store, put, blobs, close } = await open();
  const { sessionId, fence } = await leased(store);
  await journal.append({ sessionId, fence, entries: [tool('a')] });
  await put({ ...journalKey(sessionId, 3), seq: 3, value: JSON.stringify({ v: 1, entries: [tool('c')] }) });
  const failure = async () => (await expectFault(readAll(journal, sessionId), 'invalid')).message;
  expect(await failure()).toBe(`session ${sessionId} has no journal entry 2`);
  await put({ ...journalKey(sessionId, 2), seq: 2, value: '{' });
  expect(await failure()).toContain(sessionId);
  await journal.append({ sessionId, fence, entries: [] });
  await put({ ...journalKey(sessionId, 2), seq: 2, value: { blobKey: 'store/gone', sha256: 'x' } });
  expect(await failure()).toContain('lost its blob');
  await blobs.put(sessionId, 'store/other', new TextEncoder().encode('[]'));
  await put({ ...journalKey(sessionId, 2), seq: 2, value: { blobKey: 'store/other', sha256: 'x' } });
  expect(await failure()).toContain('is not what was stored');
  await close();
});

async function leased(store: SessionStore) {
  const { sessionId } = await store.receive(incoming('a'));
  const lease = await store.takeLease({ sessionId, holder: 'first', generation: 0, dueAtMs: 9_000 });
  return { sessionId, fence: lease.fence, lease };
}

async function readAll(journal: Journal, sessionId: string, fromSeq = 1): Promise<JournalEntry[]> {
  return Array.fromAsync(journal.read(sessionId, fromSeq));
}

function callIds(entries: readonly JournalEntry[]): readonly string[] {
  return entries.map((entry) => ('callId' in entry ? entry.callId : ''));
}

function tool(callId: string) {
  return { atMs: 1, kind: 'tool-started', callId, name: 'read' } as const satisfies NewJournalEntry;
}

function finished(said: string): NewJournalEntry {
  const content = [{ type: 'text' as const, text: said }];
  return {
    atMs: 1,
    kind: 'tool-finished',
    callId: 'c',
    name: 'read',
    content,
    isError: false,
    durationMs: 1,
  };
}

function post(effectKey: string, sessionId: string): OutboxEntry {
  return { effectKey, sessionId, destination: 'terminal:1', class: 'message', body: 'done', createdAtMs: 1 };
}
