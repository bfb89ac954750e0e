import { expect } from '@jest/globals';
import { Fault, sessionIdOf } from '@swe/domain';
import type { Answering, LeaseClaim, NewPost, Outbox, Session, SessionStore } from '@swe/domain';
import { allPages } from './all-pages';
import { expectFault } from './expect-fault';
import { incoming } from './incoming';
import type { Contract } from './run-contract';

/** A store with the outbox over the same data. */
export interface SessionStoreSubject {
  readonly store: SessionStore;
  readonly outbox: Outbox;
}

export const sessionStoreContract = {
  async "an origin's first message creates its session, `queued`, titled by the message's first line"({
    store,
  }) {
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

  async 'later messages of the origin go to the same session, numbered without gaps'({ store }) {
    const receipts = [];
    for (const key of ['a', 'b', 'c'])
      receipts.push(await store.receive(incoming(key, { cause: 'program' })));
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
      cause: 'program',
      receivedAtMs: 1_000,
    });
  },

  async 'the same message key is accepted once, also from another origin'({ store }) {
    const first = await store.receive(incoming('a'));
    const again = { ...first, duplicate: true };
    expect(await store.receive(incoming('a'))).toEqual(again);
    expect(await store.receive(incoming('a', { origin: 'terminal:2' }))).toEqual(again);
    expect(await store.readInbox(first.sessionId, 0)).toHaveLength(1);
    expect(await store.load(sessionIdOf('terminal:2', 1))).toBeUndefined();
  },

  async 'an accepted key is never forgotten: a year later it is a duplicate still'({ store }) {
    const first = await store.receive(incoming('a'));
    const late = incoming('a', { receivedAtMs: 1_000 + 365 * 24 * 60 * 60_000 });
    expect(await store.receive(late)).toEqual({ ...first, duplicate: true });
    expect(await store.readInbox(first.sessionId, 0)).toHaveLength(1);
  },

  async 'two messages received at once get two numbers, and a reader skips none'({ store }) {
    const keys = Array.from({ length: 8 }, (_, i) => `k${i}`);
    const receipts = await Promise.all(keys.map((key) => store.receive(incoming(key))));
    const seqs = receipts.map(({ seq }) => seq).sort((a, b) => a - b);
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const inbox = await store.readInbox(sessionIdOf('terminal:1', 1), 0);
    expect(inbox.map(({ messageKey }) => messageKey).sort()).toEqual(keys);

    const seen: number[] = [];
    const late = keys.map((key) => store.receive(incoming(`late ${key}`)));
    while (seen.length < keys.length) {
      const items = await store.readInbox(sessionIdOf('terminal:1', 1), keys.length + seen.length);
      seen.push(...items.map(({ seq }) => seq));
    }
    await Promise.all(late);
    expect(seen).toEqual([9, 10, 11, 12, 13, 14, 15, 16]);
  },

  async 'a message keeps the trace that it came with'({ store }) {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { sessionId } = await store.receive(incoming('m1', { traceparent }));
    await store.receive(incoming('m2'));
    const inbox = await store.readInbox(sessionId, 0);
    expect(inbox.map((item) => item.traceparent)).toEqual([traceparent, undefined]);
    expect((await store.findMessage('m1'))?.item.traceparent).toBe(traceparent);
  },

  async 'an ended session takes nothing: an addressed message opens the next round, another is refused as `denied`'({
    store,
  }) {
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

  async 'a session ends only while the inbox head equals the cursor: `conflict`, nothing written'({ store }) {
    const { sessionId } = await store.receive(incoming('a'));
    const before = await store.load(sessionId);
    await expectFault(store.change(sessionId, 0, { status: 'ended' }), 'conflict');
    expect(await store.load(sessionId)).toEqual(before);
    expect(await store.receive(incoming('b'))).toMatchObject({ sessionId, seq: 2 });
    await store.change(sessionId, 0, { status: 'ended', cursor: 2 });

    const keys = Array.from({ length: 6 }, (_, i) => `k${i}`);
    const receipts = await Promise.all(keys.map((key) => store.receive(incoming(key))));
    const next = sessionIdOf('terminal:1', 2);
    expect(receipts.map((receipt) => receipt.sessionId)).toEqual(keys.map(() => next));
    const race = await Promise.allSettled([
      store.change(next, 0, { status: 'ended', cursor: keys.length }),
      store.receive(incoming('racing')),
    ]);
    const [ended, racing] = race;
    const went = racing.status === 'fulfilled' ? racing.value.sessionId : undefined;
    expect(went).toBe(ended.status === 'fulfilled' ? sessionIdOf('terminal:1', 3) : next);
  },

  async 'an origin without a live session takes over one that lives, and speaks to it from then on'({
    store,
  }) {
    const { sessionId } = await store.receive(incoming('a'));
    await store.takeOver('terminal:2', sessionId);
    const there = await store.receive(incoming('b', { origin: 'terminal:2' }));
    expect(there).toEqual({ sessionId, seq: 2, duplicate: false });
    expect(await store.receive(incoming('c'))).toMatchObject({ sessionId, seq: 3 });
    expect(await store.load(sessionId)).toMatchObject({ origin: 'terminal:1' });

    const other = await store.receive(incoming('d', { origin: 'terminal:3' }));
    await expectFault(store.takeOver('terminal:3', sessionId), 'conflict');
    expect(await store.receive(incoming('e', { origin: 'terminal:3' }))).toMatchObject({ seq: 2 });
    await store.change(other.sessionId, 0, { status: 'ended', cursor: 2 });
    await expectFault(store.takeOver('terminal:4', other.sessionId), 'conflict');
    await store.takeOver('terminal:3', sessionId);
    expect(await store.receive(incoming('f', { origin: 'terminal:3' }))).toMatchObject({ sessionId });
    await expectFault(store.takeOver('terminal:5', sessionIdOf('terminal:9', 1)), 'missing');
  },

  async "an origin's rounds are its own: what it took over does not count"({ store }) {
    const other = await store.receive(incoming('a'));
    const end = async (sessionId: string): Promise<void> => {
      const { revision } = (await store.load(sessionId))!;
      const cursor = (await store.readInbox(sessionId, 0)).length;
      await store.change(sessionId, revision, { status: 'ended', cursor });
    };
    for (const round of [1, 2]) {
      const own = await store.receive(incoming(`own-${round}`, { origin: 'terminal:2' }));
      expect(own.sessionId).toBe(sessionIdOf('terminal:2', round));
      await end(own.sessionId);
    }
    await store.takeOver('terminal:2', other.sessionId);
    await store.takeOver('terminal:3', other.sessionId);
    await end(other.sessionId);
    for (const [origin, round] of [
      ['terminal:2', 3],
      ['terminal:3', 1],
    ] as const) {
      const { sessionId } = await store.receive(incoming(`next of ${origin}`, { origin }));
      expect(await store.load(sessionId)).toMatchObject({ id: sessionIdOf(origin, round), round });
    }
    expect(await store.load(sessionIdOf('terminal:2', 2))).toMatchObject({ status: 'ended' });
  },

  async 'an edit changes a message until it is admitted, once; a deleted one is `cancelled`'({ store }) {
    const { sessionId } = await store.receive(incoming('a'));
    await store.receive(incoming('b'));
    const body = { kind: 'text', text: 'changed' } as const;
    expect(await store.revise({ editKey: 'a/1', messageKey: 'a', body })).toBe('revised');
    const again = { editKey: 'a/1', messageKey: 'a', body: { ...body, text: 'twice' } } as const;
    expect(await store.revise(again)).toBe('duplicate');
    expect(await store.revise({ editKey: 'b/deleted', messageKey: 'b' })).toBe('revised');
    expect(await store.revise({ editKey: 'b/1', messageKey: 'b', body })).toBe('too-late');
    expect(await store.revise({ editKey: 'x/1', messageKey: 'x', body })).toBe('unknown');
    expect(await store.readInbox(sessionId, 0)).toMatchObject([
      { seq: 1, revision: 1, body },
      { seq: 2, revision: 1, outcome: { kind: 'cancelled' } },
    ]);
    await store.change(sessionId, 0, { cursor: 1 });
    expect(await store.revise({ editKey: 'a/2', messageKey: 'a', body })).toBe('too-late');
    expect(await store.revise({ editKey: 'a/2', messageKey: 'a', body })).toBe('too-late');
    expect((await store.readInbox(sessionId, 0))[0]).toMatchObject({ revision: 1, body });
  },

  async 'a message is found by its key, with its outcome'({ store }) {
    const { sessionId } = await store.receive(incoming('a'));
    await store.receive(incoming('b'));
    await store.revise({ editKey: 'b/deleted', messageKey: 'b' });
    expect(await store.findMessage('a')).toMatchObject({ sessionId, item: { seq: 1, messageKey: 'a' } });
    expect((await store.findMessage('a'))?.item.outcome).toBeUndefined();
    expect(await store.findMessage('b')).toMatchObject({
      sessionId,
      item: { seq: 2, outcome: { kind: 'cancelled' } },
    });
    expect(await store.findMessage('c')).toBeUndefined();
  },

  async "an origin's session is found: the one it speaks to, else its last one, also when that has ended"({
    store,
  }) {
    expect(await store.findSession('terminal:1')).toBeUndefined();
    const { sessionId } = await store.receive(incoming('a'));
    expect(await store.findSession('terminal:1')).toEqual(await store.load(sessionId));
    const other = await store.receive({ ...incoming('b'), origin: 'terminal:other' });
    await store.change(sessionId, 0, { status: 'ended', cursor: 1 });
    expect(await store.findSession('terminal:1')).toMatchObject({ id: sessionId, status: 'ended' });
    await store.takeOver('terminal:1', other.sessionId);
    expect(await store.findSession('terminal:1')).toMatchObject({ id: other.sessionId });
  },

  async '`change` on an outdated revision is a `conflict` and writes nothing'({ store }) {
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

  async "a session's own cap is told by itself, as it is: more of another session's a machine need not be allowed"({
    store,
  }) {
    const { sessionId } = await store.receive(incoming('a'));
    expect(await store.capOf(sessionId)).toBeUndefined();
    await store.change(sessionId, 0, { capNanoUsd: 7 });
    expect(await store.capOf(sessionId)).toBe(7);
    await store.change(sessionId, 1, { title: 'another' });
    expect(await store.capOf(sessionId)).toBe(7);
    await store.change(sessionId, 2, { capNanoUsd: 0 });
    expect(await store.capOf(sessionId)).toBe(0);
    expect(await store.capOf(sessionIdOf('terminal:9', 1))).toBeUndefined();
  },

  async '`list` gives every session once, newest first, page by page'({ store }) {
    for (const [i, receivedAtMs] of [30, 10, 20, 20, 50].entries()) {
      await store.receive(incoming(`k${i}`, { origin: `terminal:${i}`, receivedAtMs }));
    }
    const listed = await allPages<Session>((page) => store.list(page));
    expect(listed.map(({ createdAtMs }) => createdAtMs)).toEqual([50, 30, 20, 20, 10]);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(5);
  },

  async 'a free lease is taken with a fence above every earlier one'({ store }) {
    const { sessionId } = await store.receive(incoming('a'));
    expect(await store.readLease(sessionId)).toBeUndefined();
    const first = await store.takeLease(claimOf(sessionId, 'first'));
    expect(await store.readLease(sessionId)).toEqual(first);
    expect(first).toMatchObject({ sessionId, holder: 'first', generation: 0 });
    await store.change(sessionId, 0, { cursor: 1 });
    expect(await store.releaseLease(first, {})).toBe(true);
    expect(await store.readLease(sessionId)).toBeUndefined();
    const second = await store.takeLease(claimOf(sessionId, 'second'));
    expect(second.fence).toBeGreaterThan(first.fence);
    await expectFault(store.takeLease(claimOf(sessionIdOf('terminal:9', 1), 'first')), 'missing');
  },

  async 'a held lease is a `conflict`, unless taken over from the revision it still has'({ store }) {
    const { sessionId } = await store.receive(incoming('a'));
    const read = await store.takeLease(claimOf(sessionId, 'first'));
    const renewed = await store.renewLease(read, 6_000);
    await expectFault(store.takeLease(claimOf(sessionId, 'second')), 'conflict');
    await expectFault(store.takeLease({ ...claimOf(sessionId, 'second'), from: read }), 'conflict');
    const rivals = ['second', 'third'].map((holder) =>
      store.takeLease({ ...claimOf(sessionId, holder), from: renewed }),
    );
    const settled = await Promise.allSettled(rivals);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const taken = await store.readLease(sessionId);
    expect(taken?.fence).toBeGreaterThan(read.fence);
    expect(['second', 'third']).toContain(taken?.holder);
  },

  async 'no clock frees a lease: whoever thinks it overdue, however far ahead, finds it held'({ store }) {
    const { sessionId } = await store.receive(incoming('a'));
    const lease = await store.takeLease({ ...claimOf(sessionId, 'first'), dueAtMs: 1 });
    const aYearAhead = { ...claimOf(sessionId, 'second'), dueAtMs: 365 * 24 * 3_600_000 };
    await expectFault(store.takeLease(aYearAhead), 'conflict');
    expect(await store.readLease(sessionId)).toEqual(lease);
    expect(await store.renewLease(lease, 2)).toMatchObject({ holder: 'first', fence: lease.fence });
  },

  async 'only the current generation takes the lease; what an older one holds is free to it'({ store }) {
    const { sessionId } = await store.receive(incoming('a'));
    const old = await store.takeLease(claimOf(sessionId, 'old'));
    await store.change(sessionId, 0, { generation: 1 });
    await expectFault(store.takeLease({ ...claimOf(sessionId, 'old'), from: old }), 'conflict');
    await expectFault(store.takeLease(claimOf(sessionId, 'ahead', 2)), 'conflict');
    const taken = await store.takeLease(claimOf(sessionId, 'new', 1));
    expect(taken).toMatchObject({ holder: 'new', generation: 1 });
    expect(taken.fence).toBeGreaterThan(old.fence);
    await expectFault(store.renewLease(old, 9_000), 'conflict');
    await store.change(sessionId, 1, { cursor: 1 });
    await store.releaseLease(taken, {});
    await expectFault(store.takeLease(claimOf(sessionId, 'old')), 'conflict');
  },

  async 'a heartbeat changes the revision, and is a `conflict` for whoever lost the lease'({ store }) {
    const { sessionId } = await store.receive(incoming('a'));
    const first = await store.takeLease(claimOf(sessionId, 'first'));
    const renewed = await store.renewLease(first, 6_000);
    expect(renewed.revision).not.toBe(first.revision);
    expect(renewed).toEqual({ ...first, revision: renewed.revision });
    expect(await store.readLease(sessionId)).toEqual(renewed);
    const second = await store.takeLease({ ...claimOf(sessionId, 'second'), from: renewed });
    await expectFault(store.renewLease(renewed, 7_000), 'conflict');
    await expectFault(store.releaseLease(renewed, {}), 'conflict');
    expect(await store.readLease(sessionId)).toEqual(second);
  },

  async "a lease is released only while the inbox head equals the cursor, with the session's change"({
    store,
  }) {
    const { sessionId } = await store.receive(incoming('a'));
    const lease = await store.takeLease(claimOf(sessionId, 'first'));
    expect(await store.releaseLease(lease, { manageAtMs: 7 })).toBe(false);
    expect(await store.readLease(sessionId)).toEqual(lease);
    expect((await store.load(sessionId))?.manageAtMs).toBeUndefined();
    await store.change(sessionId, 0, { cursor: 1 });
    expect(await store.releaseLease(lease, { manageAtMs: 7 })).toBe(true);
    expect(await store.load(sessionId)).toMatchObject({ manageAtMs: 7, revision: 2 });
    await expectFault(store.renewLease(lease, 6_000), 'conflict');
  },

  async 'stopping begins only while the lease is free and the inbox head equals the cursor, and keeps the lease free'({
    store,
  }) {
    const { sessionId } = await store.receive(incoming('a'));
    expect(await store.beginStop(sessionId, 0, { manageAtMs: 7 })).toBeUndefined();
    const lease = await store.takeLease(claimOf(sessionId, 'agent'));
    await store.change(sessionId, 0, { cursor: 1 });
    expect(await store.beginStop(sessionId, 1, { manageAtMs: 7 })).toBeUndefined();
    await store.releaseLease(lease, {});
    expect(await store.beginStop(sessionId, 1, { manageAtMs: 7 })).toBeUndefined();
    expect((await store.load(sessionId))?.stopping ?? false).toBe(false);
    const stopping = await store.beginStop(sessionId, 2, { manageAtMs: 7 });
    expect(stopping).toMatchObject({ stopping: true, manageAtMs: 7, revision: 3 });
    expect(await store.load(sessionId)).toEqual(stopping);
    await expectFault(store.takeLease(claimOf(sessionId, 'agent')), 'conflict');
    expect(await store.receive(incoming('b'))).toMatchObject({ sessionId, seq: 2 });
    await store.change(sessionId, 3, { stopping: undefined, generation: 1 });
    expect(await store.takeLease(claimOf(sessionId, 'next', 1))).toMatchObject({ generation: 1 });
  },

  async '`listDue` gives sessions with unadmitted messages, or a time that has come: of lease, retry, wake, manager or poll'({
    store,
  }) {
    const names = ['unread', 'leased', 'retrying', 'waking', 'managed', 'polled', 'quiet'];
    const ids = new Map<string, string>();
    for (const name of names) {
      const { sessionId } = await store.receive(incoming(name, { origin: `terminal:${name}` }));
      ids.set(sessionId, name);
      if (name !== 'unread') await store.change(sessionId, 0, { cursor: 1 });
    }
    const idOf = (name: string): string => [...ids].find(([, each]) => each === name)?.[0] ?? '';
    await store.change(idOf('retrying'), 1, { retryAtMs: 5_000 });
    await store.change(idOf('waking'), 1, { wakeAtMs: 6_000 });
    await store.change(idOf('managed'), 1, { manageAtMs: 7_000 });
    await store.change(idOf('polled'), 1, { pollAtMs: 8_000 });
    const lease = await store.takeLease({ ...claimOf(idOf('leased'), 'first'), dueAtMs: 3_000 });
    const due = async (nowMs: number) => {
      const found = await allPages((page) => store.listDue(nowMs, page));
      return found.map((id) => ids.get(id)).sort();
    };

    expect(await due(2_999)).toEqual(['unread']);
    expect(await due(3_000)).toEqual(['leased', 'unread']);
    const renewed = await store.renewLease(lease, 5_500);
    expect(await due(5_000)).toEqual(['retrying', 'unread']);
    expect(await due(7_000)).toEqual(['leased', 'managed', 'retrying', 'unread', 'waking']);
    await store.releaseLease(renewed, {});
    await store.change(idOf('managed'), 2, { manageAtMs: undefined });
    expect(await due(7_000)).toEqual(['retrying', 'unread', 'waking']);
    expect(await due(8_000)).toEqual(['polled', 'retrying', 'unread', 'waking']);
  },

  async "a message's answer, with its outcome, its posts and its change of the session, is stored with it or not at all"({
    store,
    outbox,
  }) {
    const { sessionId } = await store.receive(incoming('a'));
    const outcome = { kind: 'command-result', text: 'Haiku it is.' } as const;
    const refusing: Answering = () => {
      throw new Fault('denied', 'not you');
    };
    await expectFault(store.receive(incoming('b'), refusing), 'denied');
    await expectFault(store.receive(incoming('b', { origin: 'terminal:2' }), refusing), 'denied');
    expect(await store.findMessage('b')).toBeUndefined();
    expect(await store.load(sessionIdOf('terminal:2', 1))).toBeUndefined();

    const posts = [postOf('b/said'), { ...postOf('b/told'), destination: 'terminal:9' }];
    const receipt = await store.receive(incoming('b'), ({ session, seq }) => {
      expect([session.id, session.revision, seq]).toEqual([sessionId, 0, 2]);
      return { outcome, posts, session: { model: 'bedrock/haiku' } };
    });
    expect(receipt).toEqual({ sessionId, seq: 2, duplicate: false });
    expect(await store.findMessage('b')).toMatchObject({ item: { seq: 2, outcome } });
    expect(await store.load(sessionId)).toMatchObject({ model: 'bedrock/haiku', revision: 1, cursor: 0 });
    expect((await outbox.listUndelivered(sessionId)).map(({ entry }) => entry)).toEqual([
      { ...postOf('b/said'), sessionId, destination: 'terminal:1' },
      { ...postOf('b/told'), sessionId, destination: 'terminal:9' },
    ]);
  },

  async 'a duplicate is not answered again'({ store, outbox }) {
    let asked = 0;
    const answer: Answering = ({ session }) => {
      asked += 1;
      return { posts: [postOf(`said-${asked}`)], session: { title: `${session.title}!` } };
    };
    const first = await store.receive(incoming('a'), answer);
    expect(await store.receive(incoming('a'), answer)).toEqual({ ...first, duplicate: true });
    expect(asked).toBe(1);
    expect(await store.load(first.sessionId)).toMatchObject({ title: 'message a!', revision: 0 });
    expect(await outbox.listUndelivered(first.sessionId)).toHaveLength(1);
  },

  async 'what answers sees the session as it is when the answer is written, also when others write to it at once'({
    store,
  }) {
    const { sessionId } = await store.receive(incoming('a'));
    const keys = Array.from({ length: 6 }, (_, i) => `k${i}`);
    const receipts = keys.map((key) =>
      store.receive(incoming(key), ({ session, seq }) => ({
        posts: [],
        session: { repositories: [...session.repositories, `${key} is ${seq}`] },
      })),
    );
    const seqs = (await Promise.all(receipts)).map(({ seq }, i) => `${keys[i]} is ${seq}`);
    const session = await store.load(sessionId);
    expect(session?.repositories.toSorted()).toEqual(seqs.toSorted());
    expect(session?.revision).toBe(keys.length);
  },

  async 'a session opened by a message that has its outcome is `asleep`, and due only for its posts'({
    store,
    outbox,
  }) {
    const outcome = { kind: 'command-result', text: 'Help.' } as const;
    const { sessionId } = await store.receive(incoming('a'), () => ({ outcome, posts: [postOf('a/help')] }));
    expect(await store.load(sessionId)).toMatchObject({ status: 'asleep', cursor: 1, revision: 0 });
    expect(await store.readInbox(sessionId, 0)).toMatchObject([{ seq: 1, outcome }]);
    const due = async () => (await store.listDue(2_000, { limit: 10 })).items;
    expect(await due()).toEqual([sessionId]);
    const claimant = { name: 'manager', lapsesAtMs: 5_000 };
    await outbox.settle(await outbox.claim({ sessionId, effectKey: 'a/help' }, claimant, 2_000));
    expect(await due()).toEqual([]);
    expect(await store.receive(incoming('b'))).toMatchObject({ sessionId, seq: 2 });
    expect(await due()).toEqual([sessionId]);

    const words = await store.receive(incoming('c', { origin: 'terminal:2' }), () => ({ posts: [] }));
    expect(await store.load(words.sessionId)).toMatchObject({ status: 'queued', cursor: 0 });
  },
} satisfies Contract<SessionStoreSubject>;

function postOf(effectKey: string): NewPost {
  return { effectKey, class: 'message', body: `body of ${effectKey}`, createdAtMs: 1_000 };
}

function claimOf(sessionId: string, holder: string, generation = 0): LeaseClaim {
  return { sessionId, holder, generation, dueAtMs: 5_000 };
}
