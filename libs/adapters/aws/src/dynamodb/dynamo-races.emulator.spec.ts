import { expect, it } from '@jest/globals';
import { sessionIdOf } from '@swe/domain';
import type { IncomingMessage, LeaseClaim, NewJournalEntry, OutboxEntry, SessionChange } from '@swe/domain';
import { expectFault, incoming } from '@swe/testing/contracts';
import { MemoryBlobStore } from '@swe/testing/memory';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { beforeNextWrite, openTable, openTableAgain } from './dynamo-fixture';
import type { OpenTable } from './dynamo-fixture';
import { DynamoJournal } from './dynamo-journal';
import { DynamoOutbox } from './dynamo-outbox';
import { DynamoSessionStore } from './dynamo-session-store';

const emulator = useEmulator(openDynamoDbLocal);
const sessionId = sessionIdOf('terminal:1', 1);
const blobs = new MemoryBlobStore();

function adaptersOf({ table }: OpenTable) {
  return {
    store: new DynamoSessionStore(table, blobs),
    journal: new DynamoJournal(table, blobs),
    outbox: new DynamoOutbox(table, blobs),
  };
}
type Adapters = ReturnType<typeof adaptersOf>;

/** Somebody, and a rival whose `event` comes between what somebody reads and what somebody writes. */
async function race(
  prepare: (adapters: Adapters) => Promise<unknown>,
  event: (rival: Adapters) => Promise<unknown>,
  check: (adapters: Adapters) => Promise<unknown>,
): Promise<void> {
  const opened = await openTable(emulator.endpoint);
  const other = openTableAgain(emulator.endpoint, opened.tableName);
  const rival = adaptersOf(other);
  await prepare(rival);
  beforeNextWrite(opened.client, () => event(rival));
  await check(adaptersOf(opened));
  await Promise.all([opened.close(), other.close()]);
}

const receive =
  (key: string, changes: Partial<IncomingMessage> = {}) =>
  ({ store }: Adapters) =>
    store.receive(incoming(key, changes));

const change =
  (to: SessionChange) =>
  async ({ store }: Adapters) =>
    store.change(sessionId, (await store.load(sessionId))?.revision ?? -1, to);

const take =
  (changes: Partial<LeaseClaim> = {}) =>
  ({ store }: Adapters) =>
    store.takeLease({ sessionId, holder: 'agent', generation: 0, dueAtMs: 5_000, ...changes });

const takeOverLease = async (adapters: Adapters) => {
  const from = await adapters.store.readLease(sessionId);
  return take({ holder: 'second', ...(from && { from }) })(adapters);
};

const steps =
  (...all: readonly ((adapters: Adapters) => Promise<unknown>)[]) =>
  async (adapters: Adapters) => {
    for (const step of all) await step(adapters);
  };

const admitted = change({ cursor: 1 });
const leased = steps(receive('a'), take());
const entry: NewJournalEntry = { atMs: 1, kind: 'tool-started', callId: 'c', name: 'read' };
const write = { sessionId, fence: 1, entries: [entry] };
const status = (body: string): OutboxEntry => ({
  effectKey: 'p',
  sessionId,
  destination: 'd',
  class: 'status',
  body,
  createdAtMs: 1,
});
const put = (body: string) => (adapters: Adapters) => adapters.outbox.put(status(body));

async function expectNothingWritten({ journal, store }: Adapters): Promise<void> {
  expect(await Array.fromAsync(journal.read(sessionId, 1))).toEqual([]);
  expect((await store.readInbox(sessionId, 0))[0]?.outcome).toBeUndefined();
}

it('a message to a session that ends goes to the next round', () =>
  race(steps(receive('a'), admitted), change({ status: 'ended' }), async ({ store }) => {
    expect((await store.receive(incoming('b'))).sessionId).toBe(sessionIdOf('terminal:1', 2));
    expect(await store.readInbox(sessionId, 0)).toHaveLength(1);
  }));

it('an answer is given anew when the session has changed since it was seen', () =>
  race(receive('a'), change({ model: 'bedrock/haiku' }), async ({ store, outbox }) => {
    const seen: (string | undefined)[] = [];
    await store.receive(incoming('b'), ({ session }) => {
      seen.push(session.model);
      const body = `The model is ${session.model}.`;
      return { posts: [{ effectKey: 'b/told', class: 'message', body, createdAtMs: 1 }] };
    });
    expect(seen).toEqual([undefined, 'bedrock/haiku']);
    const posts = await outbox.listUndelivered(sessionId);
    expect(posts.map((item) => item.entry.body)).toEqual(['The model is bedrock/haiku.']);
  }));

it('two first messages of an origin open one session', () =>
  race(
    async () => undefined,
    receive('a'),
    async ({ store }) => {
      expect(await store.receive(incoming('b'))).toEqual({ sessionId, seq: 2, duplicate: false });
    },
  ));

it('a message that comes from two origins is accepted by one', () =>
  race(
    async () => undefined,
    receive('a', { origin: 'terminal:2' }),
    async ({ store }) => {
      const place = { sessionId: sessionIdOf('terminal:2', 1), seq: 1, duplicate: true };
      expect(await store.receive(incoming('a'))).toEqual(place);
      expect(await store.load(sessionId)).toBeUndefined();
    },
  ));

it('an edit of a message that is admitted comes too late', () =>
  race(receive('a'), admitted, async ({ store }) => {
    const edit = { editKey: 'e', messageKey: 'a', body: { kind: 'text', text: 'late' } } as const;
    expect(await store.revise(edit)).toBe('too-late');
    expect((await store.readInbox(sessionId, 0))[0]).toMatchObject({ revision: 0 });
    expect(await store.revise(edit)).toBe('too-late');
  }));

it('two edits of a message are both counted', () =>
  race(
    receive('a'),
    ({ store }) => store.revise({ editKey: 'e1', messageKey: 'a', body: { kind: 'text', text: 'one' } }),
    async ({ store }) => {
      const body = { kind: 'text', text: 'two' } as const;
      expect(await store.revise({ editKey: 'e2', messageKey: 'a', body })).toBe('revised');
      expect((await store.readInbox(sessionId, 0))[0]).toMatchObject({ revision: 2, body });
    },
  ));

it('a session does not end while a message comes in', () =>
  race(steps(receive('a'), admitted), receive('b'), async ({ store }) => {
    await expectFault(store.change(sessionId, 1, { status: 'ended' }), 'conflict');
    expect(await store.load(sessionId)).toMatchObject({ status: 'queued', revision: 1 });
  }));

it('of two changes of a revision the second is a conflict', () =>
  race(receive('a'), change({ title: 'first' }), async ({ store }) => {
    await expectFault(store.change(sessionId, 0, { title: 'second' }), 'conflict');
    expect(await store.load(sessionId)).toMatchObject({ title: 'first' });
  }));

it('a session that ends is not taken over, nor by an origin that has one', async () => {
  await race(steps(receive('a'), admitted), change({ status: 'ended' }), async ({ store }) => {
    await expectFault(store.takeOver('terminal:2', sessionId), 'conflict');
  });
  await race(receive('a'), receive('b', { origin: 'terminal:2' }), async ({ store }) => {
    await expectFault(store.takeOver('terminal:2', sessionId), 'conflict');
  });
});

it('a lease is not taken of a machine that is being stopped, or of an older generation', async () => {
  const stop = ({ store }: Adapters) => store.beginStop(sessionId, 1, {});
  for (const event of [stop, change({ generation: 1 }), take({ holder: 'rival' })]) {
    await race(steps(receive('a'), admitted), event, async (adapters) => {
      await expectFault(take()(adapters), 'conflict');
    });
  }
});

it('a lease is not released while a message comes in, nor by who lost it', async () => {
  await race(steps(leased, admitted), receive('b'), async ({ store }) => {
    const lease = await store.readLease(sessionId);
    expect(await store.releaseLease(lease!, { title: 'x' })).toBe(false);
    expect(await store.readLease(sessionId)).toEqual(lease);
    expect(await store.load(sessionId)).toMatchObject({ title: 'message a' });
  });
  await race(steps(leased, admitted), takeOverLease, async ({ store }) => {
    const lease = await store.readLease(sessionId);
    await expectFault(store.releaseLease(lease!, {}), 'conflict');
    expect(await store.readLease(sessionId)).toMatchObject({ holder: 'second' });
  });
});

it('a heartbeat of who loses the lease is a conflict', () =>
  race(leased, takeOverLease, async ({ store }) => {
    const lease = await store.readLease(sessionId);
    await expectFault(store.renewLease(lease!, 9_000), 'conflict');
    expect(await store.readLease(sessionId)).toMatchObject({ holder: 'second' });
  }));

it('stopping does not begin while a message comes in or the lease is taken', async () => {
  for (const event of [receive('b'), take()]) {
    await race(steps(receive('a'), admitted), event, async ({ store }) => {
      expect(await store.beginStop(sessionId, 1, { title: 'x' })).toBeUndefined();
      expect(await store.load(sessionId)).toMatchObject({ revision: 1, title: 'message a' });
    });
  }
});

it('an append of who loses the lease writes nothing, with or without entries', async () => {
  for (const entries of [[entry], []]) {
    await race(leased, takeOverLease, async (adapters) => {
      const outcomes = [{ seq: 1, outcome: { kind: 'stopped' } as const }];
      await expectFault(adapters.journal.append({ ...write, entries, outcomes }), 'conflict');
      await expectNothingWritten(adapters);
    });
  }
});

it('an append does not admit a message that is edited, nor end a session that gets one', async () => {
  const edit = ({ store }: Adapters) =>
    store.revise({ editKey: 'e', messageKey: 'a', body: { kind: 'text', text: 'edited' } });
  const admit = { cursor: 1, items: [{ seq: 1, revision: 0 }] };
  await race(leased, edit, async (adapters) => {
    await expectFault(adapters.journal.append({ ...write, admit }), 'conflict');
    await expectNothingWritten(adapters);
  });
  await race(leased, receive('b'), async (adapters) => {
    const end = adapters.journal.append({ ...write, admit, session: { status: 'ended' } });
    await expectFault(end, 'conflict');
    await expectNothingWritten(adapters);
  });
});

it('an append does not give a second outcome to a message that is deleted', () =>
  race(
    leased,
    ({ store }) => store.revise({ editKey: 'e', messageKey: 'a' }),
    async (adapters) => {
      const outcomes = [{ seq: 1, outcome: { kind: 'stopped' } as const }];
      await expectFault(adapters.journal.append({ ...write, outcomes }), 'conflict');
      expect((await adapters.store.readInbox(sessionId, 0))[0]?.outcome).toEqual({ kind: 'cancelled' });
    },
  ));

it('an append and a change of the session that meet both count', () =>
  race(leased, change({ generation: 0, title: 'renamed' }), async ({ journal, store }) => {
    expect(await journal.append({ ...write, session: { status: 'working' } })).toBe(1);
    expect(await store.load(sessionId)).toMatchObject({ status: 'working', title: 'renamed', revision: 2 });
  }));

it('two appends that meet get their numbers one after the other', () =>
  race(
    leased,
    ({ journal }) => journal.append({ ...write, entries: [entry, entry] }),
    async ({ journal }) => {
      expect(await journal.append(write)).toBe(3);
    },
  ));

it('posts that meet are one behind the other, and the same post is one', async () => {
  const other = { ...status('x'), effectKey: 'q' };
  await race(
    leased,
    ({ outbox }) => outbox.put(other),
    async ({ outbox, journal }) => {
      await journal.append({ ...write, outbox: [status('y')] });
      const listed = await outbox.listUndelivered(sessionId);
      expect(listed.map((item) => item.entry.effectKey)).toEqual(['q', 'p']);
    },
  );
  await race(
    async () => undefined,
    put('first'),
    async ({ outbox }) => {
      await outbox.put(status('second'));
      expect(await outbox.listUndelivered(sessionId)).toMatchObject([{ entry: status('second') }]);
    },
  );
});

it('a claim has the latest body, and whoever delivered an older one does not settle it', async () => {
  const claimant = { name: 'agent', lapsesAtMs: 100 };
  await race(put('old'), put('new'), async ({ outbox }) => {
    expect((await outbox.claim(status(''), claimant, 0)).entry.body).toBe('new');
  });
  await race(
    steps(put('old'), ({ outbox }) => outbox.claim(status(''), claimant, 0)),
    put('new'),
    async ({ outbox }) => {
      const claim = { entry: status('old'), claimant: 'agent', attempt: 1, receipts: [] };
      await expectFault(outbox.settle(claim), 'conflict');
      expect(await outbox.listUndelivered(sessionId)).toMatchObject([{ entry: status('new') }]);
    },
  );
});
