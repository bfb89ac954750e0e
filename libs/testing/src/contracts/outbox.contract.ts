import { expect } from '@jest/globals';
import type { Outbox, OutboxEntry } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export const outboxContract = {
  async 'entries of a session are listed in the order in which they came, until settled'(outbox) {
    const entries = ['z', 'a', 'm'].map((key) => entry(key));
    for (const each of entries) await outbox.put(each);
    await outbox.put(entry('other', { sessionId: 's2' }));
    expect(await outbox.listUndelivered('s1')).toEqual(entries);
    await outbox.settle(await outbox.claim('a', 'agent', 0, 100), 'receipt');
    expect(await keys(outbox)).toEqual(['z', 'm']);
  },

  async '`put` with a known effect key changes nothing'(outbox) {
    await outbox.put(entry('a'));
    await outbox.put(entry('a', { body: 'something else' }));
    expect(await outbox.listUndelivered('s1')).toEqual([entry('a')]);
    await outbox.settle(await outbox.claim('a', 'agent', 0, 100), 'receipt');
    await outbox.put(entry('a'));
    expect(await keys(outbox)).toEqual([]);
  },

  async 'one claimant at a time: a claim held by another, not lapsed, is a `conflict`'(outbox) {
    await outbox.put(entry('a'));
    const rivals = ['first', 'second'].map((claimant) => outbox.claim('a', claimant, 0, 100));
    const settled = await Promise.allSettled(rivals);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expectFault(outbox.claim('a', 'third', 99, 200), 'conflict');
    await expectFault(outbox.claim('unknown', 'first', 0, 100), 'missing');
  },

  async 'a lapsed claim can be taken, and counts as a further attempt'(outbox) {
    await outbox.put(entry('a'));
    expect(await outbox.claim('a', 'first', 0, 100)).toEqual({
      entry: entry('a'),
      claimant: 'first',
      attempt: 1,
    });
    expect(await outbox.claim('a', 'second', 100, 200)).toMatchObject({ claimant: 'second', attempt: 2 });
    expect(await keys(outbox)).toEqual(['a']);
  },

  async 'only the claimant settles, and a settled entry is not listed again'(outbox) {
    await outbox.put(entry('a'));
    const lapsed = await outbox.claim('a', 'first', 0, 100);
    const current = await outbox.claim('a', 'second', 100, 200);
    await expectFault(outbox.settle(lapsed, 'receipt'), 'conflict');
    expect(await keys(outbox)).toEqual(['a']);
    await outbox.settle(current, 'receipt');
    expect(await keys(outbox)).toEqual([]);
    await expectFault(outbox.claim('a', 'third', 300, 400), 'conflict');
  },
} satisfies Contract<Outbox>;

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

async function keys(outbox: Outbox): Promise<readonly string[]> {
  return (await outbox.listUndelivered('s1')).map(({ effectKey }) => effectKey);
}
