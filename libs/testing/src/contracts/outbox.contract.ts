import { expect } from '@jest/globals';
import type { Outbox, OutboxEntry, Reaction, SessionStore } from '@swe/domain';
import { expectFault } from './expect-fault';
import { incoming } from './incoming';
import type { Contract } from './run-contract';

/** An outbox with the store over the same data. */
export interface OutboxSubject {
  readonly outbox: Outbox;
  readonly store: SessionStore;
}

export const outboxContract = {
  async 'entries of a session are listed in the order in which they came, until settled'({ outbox }) {
    const entries = ['z', 'a', 'm'].map((key) => entry(key));
    for (const each of entries) await outbox.put(each);
    await outbox.put(entry('other', { sessionId: 's2' }));
    expect(await outbox.listUndelivered('s1')).toEqual(entries.map((each) => ({ entry: each, dueAtMs: 1 })));
    await outbox.settle(await outbox.claim(key('a'), by('agent', 100), 0));
    await outbox.settle(await outbox.claim(key('z'), by('agent', 100), 0), 'the channel is archived');
    expect(await keys(outbox)).toEqual(['m']);
  },

  async 'a known effect key changes nothing, but for a `status`: what it shows last is to be shown, where the last one was'({
    outbox,
  }) {
    await outbox.put(entry('a'));
    await outbox.put(entry('a', { body: 'something else' }));
    expect((await outbox.claim(key('a'), by('agent', 100), 0)).entry).toEqual(entry('a'));
    const status = (body: string) => entry('s', { class: 'status', body });
    await outbox.put(status('starting'));
    await outbox.put(status('waiting'));
    expect(await keys(outbox)).toEqual(['a', 's']);
    const claim = await outbox.claim(key('s'), by('agent', 100), 0);
    expect(claim.entry.body).toBe('waiting');
    await outbox.settle(await outbox.record(claim, 'post-1'));
    await outbox.put(status('waiting'));
    expect(await keys(outbox)).toEqual(['a']);
    await outbox.put(status('done'));
    expect(await outbox.claim(key('s'), by('other', 100), 0)).toMatchObject({
      entry: status('done'),
      receipts: ['post-1'],
    });

    const mark = (reaction: Reaction) => ({
      ...entry('r', { class: 'status', body: '' }),
      reaction: { messageKey: 'slack:T/C/1.1', reaction },
    });
    await outbox.put(mark('working'));
    await outbox.put(mark('done'));
    const asked = {
      ...entry('q'),
      mention: 'slack:T/U',
      onlyFor: 'slack:T/U',
      choices: ['Yes', 'No'],
      commands: ['budget 20'],
      activity: 'is thinking...',
    };
    await outbox.put(asked);
    const shown = (await outbox.listUndelivered('s1')).map((item) => item.entry);
    expect(shown.slice(-2)).toEqual([mark('done'), asked]);
  },

  async 'one claimant at a time: a claim held by another, not lapsed, is a `conflict`'({ outbox }) {
    await outbox.put(entry('a'));
    const rivals = ['first', 'second'].map((claimant) => outbox.claim(key('a'), by(claimant, 100), 0));
    const settled = await Promise.allSettled(rivals);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expectFault(outbox.claim(key('a'), by('third', 200), 99), 'conflict');
    await expectFault(outbox.claim(key('unknown'), by('first', 100), 0), 'missing');
  },

  async 'a lapsed claim, and one of an older fence, can be taken, and counts as a further attempt'({
    outbox,
  }) {
    await outbox.put(entry('a'));
    expect(await outbox.claim(key('a'), by('first', 100), 0)).toEqual({
      entry: entry('a'),
      claimant: 'first',
      attempt: 1,
      receipts: [],
    });
    expect(await outbox.claim(key('a'), by('second', 200), 100)).toMatchObject({
      claimant: 'second',
      attempt: 2,
    });
    expect(await keys(outbox)).toEqual(['a']);

    await outbox.put(entry('b'));
    await outbox.claim(key('b'), { ...by('agent-1', 100), fence: 7 }, 0);
    expect((await outbox.listUndelivered('s1')).at(-1)).toEqual({
      entry: entry('b'),
      dueAtMs: 100,
      claimant: { ...by('agent-1', 100), fence: 7 },
    });
    await expectFault(outbox.claim(key('b'), by('manager', 100), 50), 'conflict');
    await expectFault(outbox.claim(key('b'), { ...by('agent-0', 100), fence: 6 }, 50), 'conflict');
    const next = await outbox.claim(key('b'), { ...by('agent-2', 150), fence: 8 }, 50);
    expect(next).toMatchObject({ claimant: 'agent-2', attempt: 2 });
  },

  async 'receipts of delivered parts are kept for the next claimant'({ outbox }) {
    await outbox.put(entry('a'));
    const first = await outbox.record(await outbox.claim(key('a'), by('first', 100), 0), 'part-1');
    expect(first.receipts).toEqual(['part-1']);
    expect(await outbox.record(first, 'part-2')).toMatchObject({ receipts: ['part-1', 'part-2'] });
    // By a claim as it was before the last receipt.
    const all = ['part-1', 'part-2', 'part-3'];
    expect(await outbox.record(first, 'part-3')).toMatchObject({ receipts: all });
    expect(await outbox.claim(key('a'), by('second', 200), 100)).toMatchObject({ attempt: 2, receipts: all });
  },

  async 'a deferred entry is free to be claimed, and due at its time'({ outbox }) {
    await outbox.put(entry('a'));
    await outbox.defer(await outbox.claim(key('a'), by('first', 100), 0), 5_000);
    expect(await outbox.listUndelivered('s1')).toEqual([{ entry: entry('a'), dueAtMs: 5_000 }]);
    expect(await outbox.claim(key('a'), by('second', 150), 50)).toMatchObject({ attempt: 2 });
  },

  async 'an undelivered entry makes its session due: at once, when its claim lapses, or when it was deferred to'({
    outbox,
    store,
  }) {
    const { sessionId } = await store.receive(incoming('a'));
    await store.change(sessionId, 0, { cursor: 1 });
    const due = async (nowMs: number) => (await store.listDue(nowMs, { limit: 10 })).items.length > 0;
    expect(await due(9_000)).toBe(false);
    const post = entry('a', { sessionId, createdAtMs: 100 });
    await outbox.put(post);
    expect(await due(100)).toBe(true);
    const claim = await outbox.claim(post, by('agent', 3_000), 100);
    expect([await due(2_999), await due(3_000)]).toEqual([false, true]);
    await outbox.defer(claim, 5_000);
    expect([await due(4_999), await due(5_000)]).toEqual([false, true]);
    await outbox.settle(await outbox.claim(post, by('agent', 6_000), 5_000));
    expect(await due(9_000)).toBe(false);
  },

  async 'only the claimant records, defers and settles; a settled entry is not listed again'({ outbox }) {
    await outbox.put(entry('a'));
    const lapsed = await outbox.claim(key('a'), by('first', 100), 0);
    const current = await outbox.claim(key('a'), by('second', 200), 100);
    await expectFault(outbox.settle(lapsed), 'conflict');
    await expectFault(outbox.record(lapsed, 'receipt'), 'conflict');
    await expectFault(outbox.defer(lapsed, 300), 'conflict');
    expect(await keys(outbox)).toEqual(['a']);
    await outbox.settle(current);
    expect(await keys(outbox)).toEqual([]);
    await expectFault(outbox.settle(current), 'conflict');
    await expectFault(outbox.claim(key('a'), by('third', 400), 300), 'conflict');
  },

  async "an entry is found by its key, also once it is settled; another session's is not"({ outbox }) {
    expect(await outbox.find(key('a'))).toBeUndefined();
    const long = entry('a', { body: 'x'.repeat(500_000) });
    await outbox.put(long);
    expect(await outbox.find(key('a'))).toEqual(long);
    await outbox.settle(await outbox.claim(key('a'), by('agent', 100), 0));
    expect(await outbox.find(key('a'))).toEqual(long);
    expect(await outbox.find({ sessionId: 's2', effectKey: 'a' })).toBeUndefined();
  },
} satisfies Contract<OutboxSubject>;

function entry(effectKey: string, changes: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    effectKey,
    sessionId: 's1',
    destination: 'terminal:1',
    class: 'message',
    body: `body of ${effectKey}`,
    createdAtMs: 1,
    ...changes,
  };
}

const by = (name: string, lapsesAtMs: number) => ({ name, lapsesAtMs });

const key = (effectKey: string) => ({ sessionId: 's1', effectKey });

async function keys(outbox: Outbox): Promise<readonly string[]> {
  return (await outbox.listUndelivered('s1')).map((item) => item.entry.effectKey);
}
