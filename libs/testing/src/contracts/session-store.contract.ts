import { expect } from '@jest/globals';
import { sessionIdOf } from '@swe/domain';
import type { Session, SessionStore } from '@swe/domain';
import { allPages } from './all-pages';
import { expectFault } from './expect-fault';
import { incoming } from './incoming';
import type { Contract } from './run-contract';

export const sessionStoreContract = {
  async "an origin's first message creates its session, `queued`, titled by the message's first line"(store) {
    const text = `${'x'.repeat(100)}\nand more`;
    const { sessionId } = await store.receive(incoming('a', { body: { kind: 'text', text } }));
    expect(sessionId).toBe(sessionIdOf('terminal:1', 1));
    expect(await store.load(sessionId)).toMatchObject({
      id: sessionId,
      revision: 0,
      status: 'queued',
      origin: 'terminal:1',
      round: 1,
      requester: 'local:ada',
      title: 'x'.repeat(80),
      cursor: 0,
      createdAtMs: 1_000,
    });
    expect(await store.load(sessionIdOf('terminal:2', 1))).toBeUndefined();
  },

  async 'later messages of the origin go to the same session, numbered without gaps'(store) {
    const receipts = [];
    for (const key of ['a', 'b', 'c']) receipts.push(await store.receive(incoming(key)));
    const sessionId = sessionIdOf('terminal:1', 1);
    expect(receipts).toEqual([1, 2, 3].map((seq) => ({ sessionId, seq, duplicate: false })));
    const inbox = await store.readInbox(sessionId, 1);
    expect(inbox.map(({ seq, messageKey }) => [seq, messageKey])).toEqual([
      [2, 'b'],
      [3, 'c'],
    ]);
    expect(inbox[0]).toEqual({
      seq: 2,
      revision: 0,
      messageKey: 'b',
      requester: 'local:ada',
      body: { kind: 'text', text: 'message b' },
      receivedAtMs: 1_000,
    });
  },

  async 'the same message key is accepted once, also from another origin'(store) {
    const first = await store.receive(incoming('a'));
    const again = { ...first, duplicate: true };
    expect(await store.receive(incoming('a'))).toEqual(again);
    expect(await store.receive(incoming('a', { origin: 'terminal:2' }))).toEqual(again);
    expect(await store.readInbox(first.sessionId, 0)).toHaveLength(1);
    expect(await store.load(sessionIdOf('terminal:2', 1))).toBeUndefined();
  },

  async 'two messages received at once get two numbers'(store) {
    const keys = Array.from({ length: 8 }, (_, i) => `k${i}`);
    const receipts = await Promise.all(keys.map((key) => store.receive(incoming(key))));
    const seqs = receipts.map(({ seq }) => seq).sort((a, b) => a - b);
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const inbox = await store.readInbox(sessionIdOf('terminal:1', 1), 0);
    expect(inbox.map(({ messageKey }) => messageKey).sort()).toEqual(keys);
  },

  async 'an ended session takes nothing: an addressed message opens the next round, another is refused as `denied`'(
    store,
  ) {
    const { sessionId } = await store.receive(incoming('a'));
    await store.change(sessionId, 0, { status: 'ended', cursor: 1 });
    await expectFault(store.receive(incoming('b', { addressed: false })), 'denied');
    // The refused message was not accepted, so its key is still good.
    const next = await store.receive(incoming('b'));
    expect(next).toEqual({ sessionId: sessionIdOf('terminal:1', 2), seq: 1, duplicate: false });
    expect(await store.load(next.sessionId)).toMatchObject({ round: 2, status: 'queued' });
    expect(await store.receive(incoming('c', { addressed: false }))).toMatchObject({ seq: 2 });
    expect(await store.readInbox(sessionId, 0)).toHaveLength(1);
  },

  async '`change` on an outdated revision is a `conflict` and writes nothing'(store) {
    const { sessionId } = await store.receive(incoming('a'));
    const parked = await store.change(sessionId, 0, {
      status: 'failed',
      failure: 'no key',
      retryAtMs: 9_000,
    });
    expect(parked).toMatchObject({ revision: 1, status: 'failed', failure: 'no key', title: 'message a' });
    await expectFault(store.change(sessionId, 0, { title: 'late' }), 'conflict');
    expect(await store.load(sessionId)).toEqual(parked);
    const cleared = await store.change(sessionId, 1, { failure: undefined, retryAtMs: undefined });
    expect(await store.load(sessionId)).toEqual(cleared);
    expect(cleared.failure ?? cleared.retryAtMs).toBeUndefined();
    await expectFault(store.change(sessionIdOf('terminal:9', 1), 0, {}), 'missing');
  },

  async '`list` gives every session once, newest first, page by page'(store) {
    for (const [i, receivedAtMs] of [30, 10, 20, 20, 50].entries()) {
      await store.receive(incoming(`k${i}`, { origin: `terminal:${i}`, receivedAtMs }));
    }
    const listed = await allPages<Session>((page) => store.list(page));
    expect(listed.map(({ createdAtMs }) => createdAtMs)).toEqual([50, 30, 20, 20, 10]);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(5);
  },

  async 'a free lease is taken with a fence above every earlier one'(store) {
    const { sessionId } = await store.receive(incoming('a'));
    expect(await store.readLease(sessionId)).toBeUndefined();
    const first = await store.takeLease(sessionId, 'first', 5_000);
    expect(await store.readLease(sessionId)).toEqual(first);
    expect(first).toMatchObject({ sessionId, holder: 'first' });
    await store.change(sessionId, 0, { cursor: 1 });
    expect(await store.releaseLease(first)).toBe(true);
    expect(await store.readLease(sessionId)).toBeUndefined();
    const second = await store.takeLease(sessionId, 'second', 5_000);
    expect(second.fence).toBeGreaterThan(first.fence);
    await expectFault(store.takeLease(sessionIdOf('terminal:9', 1), 'first', 5_000), 'missing');
  },

  async 'a held lease is a `conflict`, unless taken over from the revision it still has'(store) {
    const { sessionId } = await store.receive(incoming('a'));
    const read = await store.takeLease(sessionId, 'first', 5_000);
    const renewed = await store.renewLease(read, 6_000);
    await expectFault(store.takeLease(sessionId, 'second', 5_000), 'conflict');
    await expectFault(store.takeLease(sessionId, 'second', 5_000, read), 'conflict');
    const rivals = ['second', 'third'].map((holder) => store.takeLease(sessionId, holder, 5_000, renewed));
    const settled = await Promise.allSettled(rivals);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const taken = await store.readLease(sessionId);
    expect(taken?.fence).toBeGreaterThan(read.fence);
    expect(['second', 'third']).toContain(taken?.holder);
  },

  async 'a heartbeat changes the revision, and is a `conflict` for whoever lost the lease'(store) {
    const { sessionId } = await store.receive(incoming('a'));
    const first = await store.takeLease(sessionId, 'first', 5_000);
    const renewed = await store.renewLease(first, 6_000);
    expect(renewed.revision).not.toBe(first.revision);
    expect(renewed).toEqual({ ...first, revision: renewed.revision });
    expect(await store.readLease(sessionId)).toEqual(renewed);
    const second = await store.takeLease(sessionId, 'second', 5_000, renewed);
    await expectFault(store.renewLease(renewed, 7_000), 'conflict');
    await expectFault(store.releaseLease(renewed), 'conflict');
    expect(await store.readLease(sessionId)).toEqual(second);
  },

  async 'a lease is released only while the inbox head equals the cursor'(store) {
    const { sessionId } = await store.receive(incoming('a'));
    const lease = await store.takeLease(sessionId, 'first', 5_000);
    expect(await store.releaseLease(lease)).toBe(false);
    expect(await store.readLease(sessionId)).toEqual(lease);
    await store.change(sessionId, 0, { cursor: 1 });
    expect(await store.releaseLease(lease)).toBe(true);
    await expectFault(store.renewLease(lease, 6_000), 'conflict');
  },

  async '`listDue` gives sessions with unadmitted messages, a held lease, or a time to retry or wake that has come'(
    store,
  ) {
    const [unread, leased, retrying, waking, quiet] = await Promise.all(
      ['unread', 'leased', 'retrying', 'waking', 'quiet'].map(async (name) => {
        const { sessionId } = await store.receive(incoming(name, { origin: `terminal:${name}` }));
        return sessionId;
      }),
    );
    if (!unread || !leased || !retrying || !waking || !quiet) throw new Error('unreachable');
    for (const id of [leased, retrying, waking, quiet]) await store.change(id, 0, { cursor: 1 });
    await store.change(retrying, 1, { retryAtMs: 5_000 });
    await store.change(waking, 1, { wakeAtMs: 6_000 });
    const lease = await store.takeLease(leased, 'first', 3_000);
    const due = async (nowMs: number) => (await allPages((page) => store.listDue(nowMs, page))).sort();

    expect(await due(2_999)).toEqual([unread]);
    expect(await due(3_000)).toEqual([unread, leased].sort());
    const renewed = await store.renewLease(lease, 5_500);
    expect(await due(5_000)).toEqual([unread, retrying].sort());
    expect(await due(6_000)).toEqual([unread, leased, retrying, waking].sort());
    await store.releaseLease(renewed);
    expect(await due(6_000)).toEqual([unread, retrying, waking].sort());
  },
} satisfies Contract<SessionStore>;
