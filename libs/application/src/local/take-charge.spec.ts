import { describe, expect, it } from '@jest/globals';
import { ManualClock, MemoryCompute, MemorySessionStore } from '@swe/testing/memory';
import { takeCharge } from './take-charge';

async function open() {
  const store = new MemorySessionStore();
  const compute = new MemoryCompute();
  const clock = new ManualClock();
  const { sessionId } = await store.receive({
    messageKey: 'm',
    origin: 'terminal:1',
    requester: 'local:ada',
    addressed: true,
    body: { kind: 'text', text: 'Fix it.' },
    receivedAtMs: 0,
  });
  const adopted: number[] = [];
  return {
    store,
    compute,
    sessionId,
    adopted,
    async take() {
      const session = (await store.load(sessionId))!;
      return takeCharge({ store, compute, clock }, session, (_id, generation) => adopted.push(generation));
    },
  };
}

describe('a process that works on a session itself', () => {
  it('is its next machine', async () => {
    const { take, adopted } = await open();
    expect(await take()).toMatchObject({ generation: 1, status: 'starting' });
    expect(await take()).toMatchObject({ generation: 2 });
    expect(adopted).toEqual([1, 2]);
  });

  it('takes it at once from one that died', async () => {
    const { compute, store, sessionId, take } = await open();
    await compute.ensure(sessionId, 1);
    await store.change(sessionId, 0, { generation: 1, status: 'working' });
    compute.crash(sessionId);
    expect(await take()).toMatchObject({ generation: 2 });
    expect(compute.acting(sessionId, 1)).toBe(0);
  });

  it('leaves it to one that lives', async () => {
    const { compute, sessionId, take, adopted } = await open();
    await compute.ensure(sessionId, 1);
    await expect(take()).rejects.toMatchObject({ kind: 'conflict' });
    expect(adopted).toEqual([]);
  });

  it('has nothing to take of a session that ended', async () => {
    const { store, sessionId, take, adopted } = await open();
    await store.change(sessionId, 0, { status: 'ended', cursor: 1 });
    expect(await take()).toMatchObject({ generation: 0 });
    expect(adopted).toEqual([]);
  });
});
