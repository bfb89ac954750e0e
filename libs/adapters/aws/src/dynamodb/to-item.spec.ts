import { expect, it } from '@jest/globals';
import { newSession } from '@swe/domain';
import { expectFault, incoming } from '@swe/testing/contracts';
import { toHeldLease, toLeaseRecord, toOutboxRecord, toSession } from './from-item';
import { dueAttributes, toInboxItem, toOutboxItem, toSessionItem } from './to-item';

const SHARDS = 4;
const session = newSession(incoming('a'), 1);

it('a session comes back as it was, and is not due without a time', () => {
  const item = toSessionItem(session, SHARDS);
  expect(toSession(item)).toEqual(session);
  expect(item).toMatchObject({ revision: 0, cursor: 0, dueShard: undefined, dueAtMs: undefined });
});

it.each([
  [{ retryAtMs: 5 }, 5],
  [{ retryAtMs: 5, wakeAtMs: 3, manageAtMs: 9 }, 3],
  [{ manageAtMs: 9 }, 9],
  [{ manageAtMs: 9, pollAtMs: 8 }, 8],
])('a session with %j is due at %d', (times, dueAtMs) => {
  expect(toSessionItem({ ...session, ...times }, SHARDS)).toMatchObject({
    dueAtMs,
    dueShard: expect.any(Number),
  });
});

it('everything of a session that is due is in one shard', () => {
  const { dueShard } = dueAttributes(session.id, SHARDS, 1);
  const post = { effectKey: 'p', destination: 'd', class: 'message', body: 'b', createdAtMs: 1 } as const;
  expect(toInboxItem(session.id, 1, '{}', SHARDS)).toMatchObject({ dueShard, dueAtMs: 0 });
  const item = toOutboxItem({ ...post, sessionId: session.id }, '{}', 1, SHARDS);
  expect(item).toMatchObject({ dueShard, dueAtMs: 1 });
  expect(toOutboxRecord(item)).toMatchObject({ position: 1, attempts: 0, receipts: [], isSettled: false });
});

it('a session too large for an item is `invalid`', async () => {
  const large = { ...session, failure: 'ü'.repeat(200_000) };
  await expectFault(
    Promise.try(() => toSessionItem(large, SHARDS)),
    'invalid',
  );
});

it('a free lease keeps its fence, and is nobody’s', () => {
  const record = toLeaseRecord({ pk: 'session/s', sk: 'lease', generation: 1, fence: 3, revision: 8 });
  expect(record).toEqual({ generation: 1, fence: 3, revision: 8, journalSeq: 0 });
  expect(toHeldLease('s', record)).toBeUndefined();
  const held = toHeldLease('s', { ...record, holder: 'agent' });
  expect(held).toEqual({ sessionId: 's', holder: 'agent', generation: 1, fence: 3, revision: 8 });
});

it('an item that is damaged is `invalid`, naming its session', async () => {
  const damaged = { pk: 'session/s', sk: 'session', value: '{"id":7}' };
  const fault = await expectFault(
    Promise.try(() => toSession(damaged)),
    'invalid',
  );
  expect(fault.message).toContain('session/s');
});
